/**
 * Mutation of the verifier: deletes or weakens each check of every source that `src/verify.ts` reaches, one at a time, and
 * says which of these mutants no test tells from the verifier.
 *
 *   npm run mutation -- [--only TEXT] [--kinds TEXT] [--minutes N] [--workers N] [--resume] [--again] [--out FOLDER]
 *
 * --only and --kinds name parts of paths of sources and of kinds of mutants. --resume goes on where a run ended; --again
 * then judges survivors once more. After --minutes no further mutant is begun: checks come first and everything else in
 * an order drawn at random, so that what was judged is a sample.
 * Mutants are judged by cases made once (test/mutation/killCases.ts) and then, if those do not find them, by the unit
 * tests that import the mutated source. It all happens in memory and in a temporary copy: the working tree stays as it is.
 */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { serialize } from "node:v8";
import { CaseOrder } from "../test/mutation/caseOrder.mjs";
import { Judge } from "../test/mutation/judge.mjs";
import { loadPackages, ModuleGraph } from "../test/mutation/moduleGraph.mjs";
import { mutantsOf, REMOVED, WEAKENED } from "../test/mutation/mutants.mjs";
import { Reach } from "../test/mutation/reach.mjs";
import { writeReport } from "../test/mutation/report.mjs";
import { verifierSources } from "../test/mutation/sources.mjs";
import { UnitFiles, unitTestFiles } from "../test/mutation/unitFiles.mjs";
import { VitestJudge } from "../test/mutation/vitestJudge.mjs";

/** Longest time without an answer to a case or the end of a unit test. */
const STEP_MS = 10_000;
/** What cases and unit tests of a mutant that nothing finds may take: checks matter most. */
const CHECK_BUDGET = { casesMs: 8_000, unitsMs: 6_000 };
const OTHER_BUDGET = { casesMs: 1_500, unitsMs: 1_500 };
const ROOT = resolve(import.meta.dirname, "..");

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    kinds: { type: "string", default: "" },
    minutes: { type: "string", default: "Infinity" },
    workers: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
    again: { type: "boolean", default: false },
    out: { type: "string", default: join(tmpdir(), "tensorproof-mutation") },
  },
});
const end = performance.now() + Number(options.minutes) * 60_000;

/** A copy of what is tested, so that edits during the run change nothing. */
function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), "tensorproof-mutants-"));
  for (const folder of ["src", "test"]) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  for (const file of ["package.json", "tsconfig.json", "vitest.config.ts"]) {
    cpSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

const log = (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

mkdirSync(options.out, { recursive: true });
const root = copyTree();
const sources = verifierSources(root);
const mutants = sources
  .filter((path) => path.includes(options.only))
  .flatMap((path) => {
    const source = readFileSync(join(root, path), "utf8");
    const lines = source.split("\n");
    return mutantsOf(source)
      .filter(({ kind }) => kind.includes(options.kinds))
      .map((mutant) => {
        const original = source.slice(mutant.start, mutant.end);
        return { path, original, sourceLine: lines[mutant.line - 1], ...mutant };
      });
  });
log(`${sources.length} sources, ${mutants.length} mutants`);

const tests = unitTestFiles(root, readdirSync(join(root, "src"), { recursive: true }));
const packages = ModuleGraph.packagesOf(root, [
  "test/mutation/killCases.ts",
  ...tests.map(({ path }) => path),
]);
const load = new ModuleGraph(root, await loadPackages(packages)).instantiate();
const suitePath = join(options.out, "suite.bin");
const suite = load("test/mutation/killCases.ts").makeKillSuite();
writeFileSync(suitePath, serialize(suite));
log(`${suite.cases.length} cases under ${suite.keys.length} keys`);

/** Which cases reach what, and what they cost. */
async function orderOfCases() {
  const reach = new Reach();
  const isMutated = new Set(sources);
  const instrument = (path, source) => (isMutated.has(path) ? reach.instrument(path, source) : source);
  const instrumented = new ModuleGraph(root, await loadPackages(packages), instrument).instantiate();
  const { Answers } = instrumented("test/mutation/killSuite.ts");
  const answers = new Answers(instrumented("src/verify.ts"), suite.keys);
  const costs = suite.cases.map((asked, index) => {
    const begin = performance.now();
    reach.note(index, () => {
      const answer = answers.answer(asked);
      if (answer !== asked.expected) throw new Error(`${asked.name}: ${answer}, not ${asked.expected}`);
    });
    return performance.now() - begin;
  });
  return new CaseOrder(suite.cases, reach, costs);
}
const order = await orderOfCases();
log("known which cases reach what");

const resultsPath = join(options.out, "results.jsonl");
if (!options.resume) writeFileSync(resultsPath, "");
const idOf = ({ path, start, original, text }) => `${path} ${start} ${original} ${text}`;
const lines = existsSync(resultsPath) ? readFileSync(resultsPath, "utf8").split("\n").filter(Boolean) : [];
const results = new Map(lines.map((line) => JSON.parse(line)).map((result) => [idOf(result), result]));

function mutated({ path, start, end: until, text }) {
  const source = readFileSync(join(root, path), "utf8");
  return { path, source: source.slice(0, start) + text + source.slice(until) };
}

const isCheck = ({ kind }) => kind === REMOVED || kind === WEAKENED;
const units = new UnitFiles(tests, log);

/** The first case that tells. */
async function byCases(judge, mutant, changed) {
  const cases = order.of(mutant);
  const budgetMs = (isCheck(mutant) ? CHECK_BUDGET : OTHER_BUDGET).casesMs;
  const { by, tried, index } = await judge.ask({ changed, order: cases, budgetMs }, STEP_MS);
  if (index !== undefined) order.told(mutant.path, index);
  return { by, stage: "cases", tried, reached: cases.length };
}

/** The first unit test that tells. */
async function byUnits(judge, mutant, changed) {
  const { unitsMs } = isCheck(mutant) ? CHECK_BUDGET : OTHER_BUDGET;
  for await (const test of units.for(mutant, judge, unitsMs)) {
    const { by } = await judge.ask({ changed, test: test.path }, STEP_MS);
    if (by !== null) return { by, stage: "units" };
  }
  return { by: null };
}

/** Cases, then unit tests, until one tells; the other way round for what cases did not tell before. */
async function judgement(judge, mutant) {
  const changed = mutated(mutant);
  if (results.has(idOf(mutant))) {
    const unit = await byUnits(judge, mutant, changed);
    return unit.by === null ? byCases(judge, mutant, changed) : unit;
  }
  const told = await byCases(judge, mutant, changed);
  return told.by === null ? { ...told, ...(await byUnits(judge, mutant, changed)) } : told;
}

function record(mutant, judged) {
  const result = { ...mutant, ...judged };
  results.set(idOf(mutant), result);
  appendFileSync(resultsPath, `${JSON.stringify(result)}\n`);
}

async function inParallel(items, work) {
  const queue = items[Symbol.iterator]();
  const run = async () => {
    const judge = new Judge({ root, suitePath, packages });
    for (const item of queue) {
      if (performance.now() > end) break;
      await work(judge, item);
    }
    await judge.stop();
  };
  await Promise.all(Array.from({ length: Number(options.workers) }, run));
}

/** A number that looks random and is the same in every run. */
function drawn(mutant) {
  let state = 0x811c9dc5;
  for (const character of idOf(mutant)) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  return Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
}
const rank = ({ kind }) => ([REMOVED, WEAKENED].includes(kind) ? [REMOVED, WEAKENED].indexOf(kind) : 2);
const compare = (a, b) => rank(a) - rank(b) || (rank(a) < 2 ? 0 : drawn(a) - drawn(b));
const isPending = (mutant) => {
  const result = results.get(idOf(mutant));
  return result === undefined || (options.again && result.by === null);
};
const pending = mutants.filter(isPending).sort(compare);
let done = 0;
await inParallel(pending, async (judge, mutant) => {
  record(mutant, await judgement(judge, mutant));
  if (++done % 100 === 0) log(`${done} of ${pending.length} mutants judged`);
});

/** Checks that survive so far are shown to the files of tests that workers cannot run. */
const vitestJudge = new VitestJudge(root);
for (const mutant of mutants) {
  const result = results.get(idOf(mutant));
  if (!isCheck(mutant) || result === undefined || result.by !== null || result.stage === "vitest") continue;
  const by = vitestJudge.ask(units.leftOut(mutant), mutated(mutant));
  record(mutant, { ...result, by, stage: "vitest" });
}
rmSync(root, { recursive: true });

const unexplained = writeReport(
  mutants,
  mutants.flatMap((mutant) => {
    const result = results.get(idOf(mutant));
    return result === undefined ? [] : [{ ...result, ...mutant }];
  }),
  {
    out: options.out,
    root: ROOT,
    cases: suite.cases.length,
    isComplete: options.only === "" && options.kinds === "",
  },
  log,
);
process.exitCode = unexplained > 0 ? 1 : 0;
