/**
 * One row per model and mode: what it is, what proving it takes with one and two threads, how well its integers do, and
 * how the forecast compares. Every step runs in a process of its own. Every proof is verified and a tampered one must be
 * refused before a row counts; a row that fails is kept with its reason.
 *
 *   npm run bench -- --suite models [--models a,b] [--data DIR] [--runs N] [--no-accuracy] [--save]
 *   npm run bench -- --suite models --table
 *
 * --data: folder with the models and data, default $TENSORPROOF_DATA or ../shared/data. --save writes the results after
 * each row and leaves out rows that are there already, so that an interrupted run goes on where it was; rows named with
 * --models are measured anew. --table writes docs/models.md from the saved results and measures nothing.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { describeMachine } from "../machine.mjs";
import { MODELS } from "./models.mjs";
import { readResults, writeResults } from "./results.mjs";
import { rowText, writeTable } from "./table.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MINUTES = 60_000;
const CHILD_LIMIT = 30 * MINUTES;
/** Networks up to so many multiply-accumulates can be run more often. */
const EFFORTS = [
  { below: 1e6, warmUps: 10, runs: 20 },
  { below: 1e8, warmUps: 3, runs: 9 },
  { below: Number.POSITIVE_INFINITY, warmUps: 1, runs: 3 },
];
const run = promisify(execFile);
/** Ends the running child where this process is told to end. */
const interruption = new AbortController();
/** The keys of the row in work. */
let folder = null;

const { values: options } = parseArgs({
  options: {
    suite: { type: "string" },
    models: { type: "string" },
    data: { type: "string", default: process.env.TENSORPROOF_DATA ?? join(ROOT, "../shared/data") },
    runs: { type: "string" },
    "no-accuracy": { type: "boolean", default: false },
    save: { type: "boolean", default: false },
    table: { type: "boolean", default: false },
  },
});

async function child(script, ...args) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const limits = { timeout: CHILD_LIMIT, maxBuffer: 2 ** 24, signal: interruption.signal };
  const { stdout } = await run(process.execPath, [path, ...args.map(String)], limits);
  return JSON.parse(stdout);
}

/** The line of a child's output that says what went wrong, without a machine's paths. */
function reasonOf({ stderr = "", message, killed }) {
  if (killed) return `stopped after ${CHILD_LIMIT / MINUTES} minutes`;
  const line = stderr.split("\n").find((text) => /^\s*[\w.]*(Error|error)\b.*:/.test(text));
  return (line ?? message.split("\n")[0]).trim();
}

async function measure(model) {
  const skipped = options["no-accuracy"] ? ["unevaluated"] : [];
  const prepared = await child("./prepare.mjs", model.name, resolve(options.data), folder, ...skipped);
  const effort = EFFORTS.find(({ below }) => prepared.multiplyAccumulates < below);
  const { warmUps } = effort;
  const runs = Number(options.runs ?? effort.runs);
  const row = { ...prepared, warmUps, runs };
  try {
    for (const threads of [1, 2]) {
      row[`threads${threads}`] = await child("./proveRow.mjs", folder, threads, warmUps, runs);
    }
  } catch (error) {
    row.failed = reasonOf(error);
  }
  return row;
}

async function measureRow(model, machine) {
  folder = mkdtempSync(join(tmpdir(), "tensorproof-bench-"));
  const { name, mode, file } = model;
  const about = {
    name,
    mode,
    file,
    date: new Date().toISOString(),
    commit: machine.commit,
    load: loadavg()[0],
  };
  try {
    return { ...about, ...(await measure(model)) };
  } catch (error) {
    return { ...about, failed: reasonOf(error) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const machine = describeMachine();
  const results = options.save || options.table ? readResults(machine) : { ...machine, rows: [] };
  if (options.table) {
    writeTable(results);
    return;
  }
  const named = options.models?.split(",");
  const unknown = (named ?? []).filter((name) => !MODELS.some((model) => model.name === name));
  if (unknown.length > 0) throw new Error(`no such model: ${unknown.join(", ")}`);
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load}`);
  for (const model of MODELS) {
    const at = results.rows.findIndex(({ name }) => name === model.name);
    if (named === undefined ? at >= 0 : !named.includes(model.name)) continue;
    if (model.build === undefined && !existsSync(join(model.own ? ROOT : options.data, model.file))) {
      console.log(`${model.name}: skipped, ${model.file} is not there`);
      continue;
    }
    const row = await measureRow(model, machine);
    console.log(rowText(row));
    if (at >= 0) results.rows[at] = row;
    else results.rows.push(row);
    if (options.save) writeResults({ ...machine, rows: results.rows });
  }
  if (options.save) writeTable(results);
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    interruption.abort();
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  });
}
await main();
