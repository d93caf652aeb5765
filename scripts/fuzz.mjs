/**
 * Hostile bytes for every parser and the verifier, case by case:
 *
 *   npm run fuzz -- --target proof --count 1000000 [--seed N] [--from N] [--workers N] [--out FOLDER]
 *     [--second] [--checkpoint FILE]
 *
 * A case is the campaign's seed and a number: a campaign that was interrupted goes on with `--from`, and findings of parsers
 * are made again with `--from NUMBER --count 1`. Keys and proofs are randomised; findings about them hold bytes and key.
 * `--second`: the reference verifier (test/reference-verifier) judges the same bytes, and every other verdict or code is a finding.
 * `--checkpoint`: where each worker has come to, and all outcomes so far; the same command goes on from there.
 * Findings are printed and written to FOLDER as JSON, one a file.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "..");
/** A case that takes longer than this is ended; slower than a second is a finding that ends by itself. */
const HANG_MS = 20_000;

const { values: options } = parseArgs({
  options: {
    target: { type: "string", default: "proof" },
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    workers: { type: "string", default: "1" },
    second: { type: "boolean", default: false },
    checkpoint: { type: "string" },
    out: { type: "string", default: join(ROOT, "node_modules", ".cache", "fuzz") },
  },
});
const [count, seed, from, workers] = ["count", "seed", "from", "workers"].map((name) =>
  Number(options[name]),
);
if (![count, seed, from, workers].every((n) => Number.isSafeInteger(n) && n >= 0) || workers < 1) {
  throw new RangeError("--count, --seed, --from and --workers are whole numbers");
}

async function bundle() {
  const outfile = join(ROOT, "node_modules", ".cache", "fuzz", `worker-${process.pid}.mjs`);
  await build({
    entryPoints: [join(ROOT, "test", "fuzz", "worker.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    logLevel: "error",
  });
  return outfile;
}

/** What a campaign is; a checkpoint of another one is refused. */
const campaign = { target: options.target, seed, from, count, workers, second: options.second };
const outcomes = new Map();
const total = { cases: 0, findings: 0, slowestMs: 0, largestBytes: 0 };
/** The case that each worker is to go on with. */
const next = Array.from({ length: workers }, (_, i) => from + i);

if (options.checkpoint !== undefined && existsSync(options.checkpoint)) {
  const saved = JSON.parse(readFileSync(options.checkpoint, "utf8"));
  if (JSON.stringify(saved.campaign) !== JSON.stringify(campaign))
    throw new RangeError(
      `${options.checkpoint} belongs to another campaign: ${JSON.stringify(saved.campaign)}`,
    );
  for (const [outcome, n] of Object.entries(saved.outcomes)) outcomes.set(outcome, n);
  Object.assign(total, saved.total);
  saved.next.forEach((index, i) => {
    next[i] = index;
  });
}

function save() {
  if (options.checkpoint === undefined) return;
  const saved = { campaign, total, next, outcomes: Object.fromEntries(outcomes) };
  const temporary = `${options.checkpoint}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(saved, null, 1));
  renameSync(temporary, options.checkpoint);
}

const started = performance.now();
let printed = started;

function merge(part, worker) {
  next[worker] = part.next;
  for (const [outcome, n] of part.outcomes) {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + n);
    total.cases += n;
  }
  total.slowestMs = Math.max(total.slowestMs, part.slowestMs);
  total.largestBytes = Math.max(total.largestBytes, part.largestBytes);
  for (const finding of part.findings) report(finding);
  save();
  if (performance.now() - printed > 30_000) {
    printed = performance.now();
    summary();
  }
}

function report(finding) {
  total.findings++;
  mkdirSync(options.out, { recursive: true });
  const path = join(options.out, `${finding.target}-${seed}-${finding.index}.json`);
  writeFileSync(path, JSON.stringify(finding, null, 1));
  console.log(
    `finding, case ${finding.index}: ${finding.what.split("\n").slice(0, 4).join("\n  ")}\n  ${path}`,
  );
}

function summary() {
  const seconds = (performance.now() - started) / 1000;
  const sorted = [...outcomes].sort((a, b) => b[1] - a[1]).map(([outcome, n]) => `${outcome} ${n}`);
  console.log(
    `${options.target}, seed ${seed}: ${total.cases} cases in ${seconds.toFixed(0)} s, ${total.findings} findings; ` +
      `slowest ${total.slowestMs.toFixed(0)} ms, most allocated ${(total.largestBytes / 2 ** 20).toFixed(1)} MiB`,
  );
  console.log(`  ${sorted.join(", ")}`);
}

/** Runs cases from, from + step, …; a worker that hangs or dies goes on behind the case that it was at. */
function run(path, i, first) {
  return new Promise((done) => {
    const current = new Float64Array(new SharedArrayBuffer(16));
    current[0] = -1;
    const worker = new Worker(path, {
      workerData: {
        target: options.target,
        seed,
        from: first,
        to: from + count,
        step: workers,
        second: options.second,
        current,
      },
    });
    let seen = -1;
    let since = performance.now();
    const watch = setInterval(() => {
      if (current[1] !== seen || current[0] < 0) {
        seen = current[1];
        since = performance.now();
      } else if (performance.now() - since > HANG_MS) end(`no end within ${HANG_MS} ms`);
    }, 500);
    const end = (what) => {
      clearInterval(watch);
      worker.removeAllListeners("exit");
      worker.terminate();
      if (what === null) return done();
      const index = current[0];
      report({ target: options.target, index, what, bytes: "" });
      if (index < 0) return done();
      done(run(path, i, index + workers));
    };
    worker.on("message", (message) => {
      if (message.restartFrom === undefined) return merge(message, i);
      clearInterval(watch);
      worker.removeAllListeners("exit");
      done(run(path, i, message.restartFrom));
    });
    worker.on("error", (error) => end(`the worker died: ${error.stack ?? error.message}`));
    worker.on("exit", () => end(null));
  });
}

const path = await bundle();
console.log(`${options.target}: cases ${from} to ${from + count - 1} of seed ${seed}, ${workers} workers`);
await Promise.all(next.map((index, i) => run(path, i, index)));
summary();
process.exitCode = total.findings > 0 ? 1 : 0;
