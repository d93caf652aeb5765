/**
 * Judges mutants, one after the other: against the cases of the kill suite, or against unit tests in this process. Counts
 * its steps where the judge sees them, so that one that does not end can be ended.
 */
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { loadPackages, ModuleGraph } from "./moduleGraph.mjs";
import { collect } from "./unitTests.mjs";

const { root, suitePath, packages, progress } = workerData;
const graph = new ModuleGraph(root, await loadPackages(packages));
const suite = deserialize(readFileSync(suitePath));
const ENTRIES = ["test/mutation/killSuite.ts", "src/verify.ts"];
for (const path of ENTRIES) graph.instantiate()(path);

/** Cases, those that told mutants from the verifier lately first: they often tell the next one too. */
const order = suite.cases.map((_, i) => i);

function moveToFront(at) {
  const [index] = order.splice(at, 1);
  order.unshift(index);
}

/** Name of the first case that is answered otherwise; null if none is. */
function firstDifference(changed) {
  const load = graph.instantiate(changed);
  let answers;
  try {
    const { Answers } = load("test/mutation/killSuite.ts");
    answers = new Answers(load("src/verify.ts"), suite.keys);
  } catch (error) {
    return `loading: ${error.message}`;
  }
  for (let at = 0; at < order.length; at++) {
    const asked = suite.cases[order[at]];
    Atomics.add(progress, 0, 1);
    let answer;
    try {
      answer = answers.answer(asked);
    } catch (error) {
      answer = `threw ${error.message}`;
    }
    if (answer === asked.expected) continue;
    moveToFront(at);
    return `${asked.name}: ${answer.slice(0, 60)}`;
  }
  return null;
}

/** Name of the first unit test that fails; null if none does. */
async function firstFailure(changed, file) {
  try {
    // Loaded unchanged first: only then is known what imports the changed source.
    graph.instantiate()(file);
    const load = graph.instantiate(changed);
    for (const { name, run } of collect(() => load(file))) {
      Atomics.add(progress, 0, 1);
      try {
        await run();
      } catch (error) {
        return `${file}: ${name}: ${String(error.message).slice(0, 80)}`;
      }
    }
  } catch (error) {
    return `${file}: loading: ${String(error.message).slice(0, 80)}`;
  }
  return null;
}

parentPort.on("message", async ({ changed, test }) => {
  const by = test === undefined ? firstDifference(changed) : await firstFailure(changed, test);
  parentPort.postMessage({ by });
});
parentPort.postMessage({ ready: true });
