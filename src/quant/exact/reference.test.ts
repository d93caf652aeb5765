/** Quantised models beside their float reference: the graph evaluated with its rounding imitated. */

import { expect, test } from "vitest";
import { intTensor } from "../../tensor/tensor.ts";
import { evaluate } from "../evaluate.ts";
import { inspectProgram } from "../inspectProgram.ts";
import { seededSamples } from "../seededSamples.ts";
import { compileExact } from "./compileExact.ts";
import { QuantisedSketch } from "./testing/quantisedGraphs.ts";

function classifier(): ReturnType<QuantisedSketch["graph"]> {
  const sketch = new QuantisedSketch();
  const x = sketch.quantised("x", "xq", { scale: 0.05, zeroPoint: -7 });
  const weights = Array.from({ length: 24 }, (_, index) => ((index * 37) % 255) - 127);
  const w = sketch.trained("w", [3, 1, 2, 4], weights, { scale: 0.02, zeroPoint: 0 });
  const conv = sketch.quantised(sketch.node("Conv", [x, w], "conv"), "c", { scale: 0.11, zeroPoint: 3 });
  const shape = sketch.constant("shape", intTensor([2], [-1, 9]));
  sketch.quantised(sketch.node("Reshape", [conv, shape], "flat"), "y", { scale: 0.11, zeroPoint: 3 });
  return sketch.graph([1, 4, 4], "y", "tflite");
}

test("every stored tensor is within a step of the reference", () => {
  const graph = classifier();
  const { program } = compileExact(graph);
  const nodes = inspectProgram(program, graph).nodes.filter(({ floatError }) => floatError !== null);
  expect(nodes.map(({ becomes }) => becomes)).toEqual(["rescale", "reshape"]);
  for (const { floatError, scale } of nodes) expect(floatError).toBeLessThan((scale ?? 0) * 1.001);
});

test("classes agree with the reference", () => {
  const graph = classifier();
  const { program } = compileExact(graph);
  const samples = seededSamples(graph, [{ lo: -6, hi: 6 }], 50);
  const labels = new Array<number>(50).fill(0);
  const { agreement, maxError } = evaluate(graph, program, samples, labels);
  expect(agreement).toBeGreaterThan(0.9);
  expect(maxError).toBeLessThan(0.1101);
});
