/**
 * Judges mutants, one after the other: against cases of the kill suite, or against unit tests in this process. Counts its
 * steps where the judge sees them, so that one that does not end can be ended.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { loadPackages, ModuleGraph } from "./moduleGraph.mjs";
import { collect } from "./unitTests.mjs";

const { root, suitePath, packages, progress } = workerData;
const graph = new ModuleGraph(root, await loadPackages(packages));
const suite = deserialize(readFileSync(suitePath));
const ENTRIES = ["test/mutation/killSuite.ts", "src/verify.ts"];
for (const path of ENTRIES) graph.instantiate()(path);

/** The first case of `order` that is answered otherwise; none after `budgetMs`. */
function firstDifference(changed, order, budgetMs) {
  const begin = performance.now();
  const load = graph.instantiate(changed);
  let answers;
  try {
    const { Answers } = load("test/mutation/killSuite.ts");
    answers = new Answers(load("src/verify.ts"), suite.keys);
  } catch (error) {
    return { by: `loading: ${error.message}`, tried: 0 };
  }
  for (let tried = 0; tried < order.length; tried++) {
    if (performance.now() - begin > budgetMs) return { by: null, tried };
    const asked = suite.cases[order[tried]];
    Atomics.add(progress, 0, 1);
    let answer;
    try {
      answer = answers.answer(asked);
    } catch (error) {
      answer = `threw ${error.message}`;
    }
    if (answer === asked.expected) continue;
    return { by: `${asked.name}: ${answer.slice(0, 60)}`, tried: tried + 1, index: order[tried] };
  }
  return { by: null, tried: order.length };
}

/** Name of the first unit test that fails; null if none does. */
async function firstFailure(changed, file) {
  try {
    // Loaded unchanged first: only then is known what imports the changed source.
    graph.instantiate()(file);
    // Without a mutant the file itself is instantiated anew, or its tests would not be collected again.
    const again = { path: file, source: readFileSync(join(root, file), "utf8") };
    const load = graph.instantiate(changed ?? again);
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

parentPort.on("message", async ({ changed, order, budgetMs, test }) => {
  const answer =
    test === undefined
      ? firstDifference(changed, order, budgetMs)
      : { by: await firstFailure(changed, test), tried: 0 };
  parentPort.postMessage(answer);
});
parentPort.postMessage({ ready: true });
