/**
 * `npm run coverage [-- --set node|ezkl] [--filter text] [--prove] [--resume] [--verbose]`: every model of the test sets,
 * each in a process of its own that is stopped after a while. Results are kept as they come, in .cache/coverage: with
 * --resume, cases that were proven in an earlier run are not run again. Writes docs/coverage.md and docs/coverage.json
 * for whole sets that are proven; exits with 1 if an answer is wrong or a case crashes.
 */
import { fork } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { writeReport } from "./coverageReport.mjs";

const SECONDS_PER_CASE = 240;
const PROCESSES = 2;
const MEMORY_MIB = 4096;
const BUNDLE = `.cache/coverage/worker-${process.pid}.mjs`;

const flag = (name) => process.argv.includes(`--${name}`);
const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};

async function bundleWorker() {
  mkdirSync(".cache/coverage", { recursive: true });
  await build({
    entryPoints: ["test/coverage/worker.ts"],
    outfile: BUNDLE,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
}

/** A process that answers one request at a time; a new one takes its place when it dies or is too slow. */
class Worker {
  #child;

  ask(request, seconds) {
    this.#child ??= fork(BUNDLE, [], {
      execArgv: [`--max-old-space-size=${MEMORY_MIB}`],
      serialization: "advanced",
    });
    const child = this.#child;
    return new Promise((resolve) => {
      const finish = (answer) => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(answer);
      };
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        this.#child = undefined;
        finish({ kind: "stopped", why: `took more than ${seconds} s` });
      }, seconds * 1000);
      child.once("message", finish);
      child.once("exit", (code, signal) => {
        this.#child = undefined;
        finish({ kind: "stopped", why: `the process ended (${signal ?? code})` });
      });
      child.send(request);
    });
  }

  stop() {
    this.#child?.kill();
  }
}

function stopped(name, why) {
  return {
    name,
    operators: [],
    float: "fail",
    floatDetail: why,
    outcome: "wrong",
    reason: "",
    detail: `crash: ${why}`,
    fixed: [],
    bits: null,
    error: null,
    milliseconds: SECONDS_PER_CASE * 1000,
  };
}

/** Cases that an earlier run has proven. */
function earlier(journal) {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, "utf8").split("\n").filter(Boolean);
  const results = lines.map((line) => JSON.parse(line));
  return results.filter(({ outcome }) => outcome === "proven").map((result) => [result.name, result]);
}

async function runSet(set, filter, prove) {
  const lister = new Worker();
  const { names = [] } = await lister.ask({ kind: "list", set }, SECONDS_PER_CASE);
  lister.stop();
  let chosen = names.filter((name) => filter === undefined || name.includes(filter));
  const journal = `.cache/coverage/${set}.jsonl`;
  if (!flag("resume") && filter === undefined && prove) rmSync(journal, { force: true });
  const known = new Map(flag("resume") ? earlier(journal) : []);
  const results = chosen.flatMap((name) => known.get(name) ?? []);
  chosen = chosen.filter((name) => !known.has(name));
  let next = 0;
  const work = async () => {
    const worker = new Worker();
    while (next < chosen.length) {
      const name = chosen[next++];
      const answer = await worker.ask({ kind: "run", set, name, prove }, SECONDS_PER_CASE);
      const result = answer.kind === "result" ? answer.result : stopped(name, answer.why);
      results.push(result);
      if (prove) appendFileSync(journal, `${JSON.stringify(result)}\n`);
      if (flag("verbose") || result.outcome === "wrong" || result.float === "fail") {
        const { float, floatDetail, outcome, reason, detail, bits, error, fixed } = result;
        console.log(
          JSON.stringify({ name, float, floatDetail, outcome, reason, detail, bits, error, fixed }),
        );
      }
    }
    worker.stop();
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  return results.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const sets = option("set") === undefined ? ["node", "ezkl"] : [option("set")];
const filter = option("filter");
const prove = flag("prove");
await bundleWorker();
const all = {};
for (const set of sets) {
  const results = await runSet(set, filter, prove);
  if (results.length === 0)
    console.log(`${set}: no cases; the test sets stand beside the checkout, at ../shared/data`);
  all[set] = results;
}
const { text, isSound } = writeReport(all, {
  isComplete: filter === undefined && prove,
  keep: option("json"),
});
console.log(text);
rmSync(BUNDLE, { force: true });
process.exitCode = isSound ? 0 : 1;
