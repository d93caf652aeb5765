/** A residual network on CIFAR-10 as an integer program. */

import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { loadModel } from "../formats/load.ts";
import { type FloatTensor, floatTensor } from "../tensor/tensor.ts";
import { compileGraph } from "./compileGraph.ts";
import { evaluate } from "./evaluate.ts";

const MODEL = "../shared/data/tiny-mlperf/resnet8_float.tflite";
const IMAGES = "../shared/data/cifar10";
const PLANE = 32 * 32;
/** A label, then the planes of three channels. */
const RECORD = 1 + 3 * PLANE;

/** Images with channels last, as the model wants them. */
function readImages(
  set: string,
  count: number,
): { readonly images: FloatTensor; readonly labels: Uint8Array } {
  const bytes = gunzipSync(readFileSync(`${IMAGES}/${set}.bin.gz`));
  const pixels = Float32Array.from({ length: count * 3 * PLANE }, (_, j) => {
    const record = Math.floor(j / (3 * PLANE)) * RECORD + 1;
    const position = Math.floor((j % (3 * PLANE)) / 3);
    return bytes[record + (j % 3) * PLANE + position];
  });
  const labels = Uint8Array.from({ length: count }, (_, n) => bytes[n * RECORD]);
  return { images: floatTensor([count, 32, 32, 3], pixels), labels };
}

const missing = [MODEL, IMAGES].filter((path) => !existsSync(path));

describe.skipIf(missing.length > 0)(`ResNet-8 (skipped where ${MODEL} is missing)`, () => {
  it("decides as the float network does", { timeout: 180_000 }, async () => {
    const graph = await loadModel(readFileSync(MODEL), MODEL);
    const { program } = compileGraph(graph, { calibration: [readImages("train", 60).images] });
    const { images, labels } = readImages("test", 200);
    const { float, integer, agreement } = evaluate(graph, program, [images], labels);
    if (!("accuracy" in float && "accuracy" in integer)) throw new TypeError("expected a classification");
    expect(Math.abs(float.accuracy - integer.accuracy)).toBeLessThanOrEqual(0.015);
    expect(agreement).toBeGreaterThan(0.97);
    // One requantisation per layer or residual sum, and none for the mean before the dense layer.
    expect(program.operators.filter(({ kind }) => kind === "requantise")).toHaveLength(7);
    expect(program.operators.some(({ kind }) => kind === "transpose")).toBe(false);
  });
});
