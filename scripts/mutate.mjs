/**
 * Mutation of the verifier: deletes or weakens each check of every source that `src/verify.ts` reaches, one at a time, and
 * says which of these mutants no test tells from the verifier.
 *
 *   npm run mutation -- [--only TEXT] [--kinds TEXT] [--units TEXT] [--workers N] [--resume] [--no-units] [--out FOLDER]
 *
 * --only, --kinds and --units name parts of paths of sources, of kinds of mutants and of paths of unit tests.
 * Mutants are judged by cases made once (test/mutation/killCases.ts) and then, if those do not find them, by the unit
 * tests that reach the mutated source. It all happens in memory and in a temporary copy: the working tree stays as it is.
 */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { serialize } from "node:v8";
import { Judge } from "../test/mutation/judge.mjs";
import { loadPackages, ModuleGraph } from "../test/mutation/moduleGraph.mjs";
import { mutantsOf } from "../test/mutation/mutants.mjs";
import { writeReport } from "../test/mutation/report.mjs";
import { verifierSources } from "../test/mutation/sources.mjs";
import { orderedTests, unitTestFiles } from "../test/mutation/unitFiles.mjs";

const CASE_TIMEOUT_MS = 5_000;
const ROOT = resolve(import.meta.dirname, "..");

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    kinds: { type: "string", default: "" },
    units: { type: "string", default: "" },
    workers: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
    "no-units": { type: "boolean", default: false },
    out: { type: "string", default: join(tmpdir(), "tensorproof-mutation") },
  },
});

/** A copy of what is tested, so that edits during the run change nothing. */
function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), "tensorproof-mutants-"));
  for (const folder of ["src", "test"]) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

const log = (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

mkdirSync(options.out, { recursive: true });
const root = copyTree();
const sources = verifierSources(root).filter((path) => path.includes(options.only));
const mutants = sources.flatMap((path) => {
  const source = readFileSync(join(root, path), "utf8");
  return mutantsOf(source)
    .filter(({ kind }) => kind.includes(options.kinds))
    .map((mutant) => ({ path, original: source.slice(mutant.start, mutant.end), ...mutant }));
});
log(`${sources.length} sources, ${mutants.length} mutants`);

const tests = unitTestFiles(root, readdirSync(join(root, "src"), { recursive: true })).filter(({ path }) =>
  path.includes(options.units),
);
const packages = ModuleGraph.packagesOf(root, [
  "test/mutation/killCases.ts",
  ...tests.map(({ path }) => path),
]);
const load = new ModuleGraph(root, await loadPackages(packages)).instantiate();
const suitePath = join(options.out, "suite.bin");
const suite = load("test/mutation/killCases.ts").makeKillSuite();
writeFileSync(suitePath, serialize(suite));
log(`${suite.cases.length} cases under ${suite.keys.length} keys`);

const resultsPath = join(options.out, "results.jsonl");
if (!options.resume) writeFileSync(resultsPath, "");
const idOf = ({ path, start, end, text }) => `${path} ${start} ${end} ${text}`;
const lines = existsSync(resultsPath) ? readFileSync(resultsPath, "utf8").split("\n").filter(Boolean) : [];
const results = new Map(lines.map((line) => JSON.parse(line)).map((result) => [idOf(result), result]));

function mutated({ path, start, end, text }) {
  const source = readFileSync(join(root, path), "utf8");
  return { path, source: source.slice(0, start) + text + source.slice(end) };
}

function record(mutant, by, stage) {
  const result = { ...mutant, by, stage };
  results.set(idOf(mutant), result);
  appendFileSync(resultsPath, `${JSON.stringify(result)}\n`);
}

async function inParallel(items, work) {
  const queue = items[Symbol.iterator]();
  const run = async () => {
    const judge = new Judge({ root, suitePath, packages });
    for (const item of queue) await work(judge, item);
    await judge.stop();
  };
  await Promise.all(Array.from({ length: Number(options.workers) }, run));
}

/** What matters most comes first, so that a run that is cut short has judged the checks. */
const KINDS = ["check removed", "condition left out", "not collected", "comparison", "call removed"];
const rank = ({ kind }) => (KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);
const undecided = mutants.filter((mutant) => !results.has(idOf(mutant))).sort((a, b) => rank(a) - rank(b));
let done = 0;
await inParallel(undecided, async (judge, mutant) => {
  record(mutant, await judge.ask({ changed: mutated(mutant) }, CASE_TIMEOUT_MS), "cases");
  if (++done % 200 === 0) log(`${done} of ${undecided.length} mutants judged by the cases`);
});

const survivors = mutants.filter((mutant) => results.get(idOf(mutant)).by === null);
log(`${survivors.length} mutants answer every case as the verifier does`);
if (!options["no-units"]) {
  const usable = await orderedTests(tests, new Judge({ root, suitePath, packages }), log);
  done = 0;
  const pending = survivors.filter((mutant) => results.get(idOf(mutant)).stage === "cases");
  await inParallel(pending, async (judge, mutant) => {
    let by = null;
    for (const test of usable.for(mutant.path)) {
      by = await judge.ask({ changed: mutated(mutant), test: test.path }, 10_000);
      if (by !== null) break;
    }
    record(mutant, by, "units");
    if (++done % 20 === 0) log(`${done} of ${pending.length} survivors judged by unit tests`);
  });
}

const unexplained = writeReport(
  mutants.map((mutant) => results.get(idOf(mutant))),
  {
    out: options.out,
    root: ROOT,
    cases: suite.cases.length,
    isComplete: options.only === "" && options.kinds === "",
  },
  log,
);
process.exitCode = unexplained > 0 ? 1 : 0;
