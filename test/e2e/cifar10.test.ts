/**
 * ResNet-8 on 2,000 images of CIFAR-10's test set: integers decide as well as floats. Both are right for 76 %, and so is
 * TensorFlow Lite on the same pixels; docs/guide/models.md says why it is not 87 %. With TENSORPROOF_HEAVY=1.
 */

import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { compileGraph, evaluate, loadModel } from "../../src/index.ts";
import { type FloatTensor, floatTensor } from "../../src/tensor/tensor.ts";
import { DATA } from "./publishedModels.ts";

const COUNT = 2000;
const PLANE = 32 * 32;
/** A label, then the planes of three channels. */
const RECORD = 1 + 3 * PLANE;

/** Pixels 0 to 255 with channels last, as the model wants them. */
function readImages(set: string, count: number): { images: FloatTensor; labels: Uint8Array } {
  const bytes = gunzipSync(readFileSync(`${DATA}/cifar10/${set}.bin.gz`));
  const pixels = Float32Array.from({ length: count * 3 * PLANE }, (_, j) => {
    const record = Math.floor(j / (3 * PLANE)) * RECORD + 1;
    return bytes[record + (j % 3) * PLANE + Math.floor((j % (3 * PLANE)) / 3)];
  });
  const labels = Uint8Array.from({ length: count }, (_, n) => bytes[n * RECORD]);
  return { images: floatTensor([count, 32, 32, 3], pixels), labels };
}

const isWanted = existsSync(DATA) && process.env.TENSORPROOF_HEAVY === "1";

describe.skipIf(!isWanted)(`CIFAR-10 (skipped without ${DATA} and TENSORPROOF_HEAVY=1)`, () => {
  test("integers lose less than half a point of accuracy", { timeout: 900_000 }, async () => {
    const path = `${DATA}/tiny-mlperf/resnet8_float.tflite`;
    const graph = await loadModel(readFileSync(path), path);
    const { program } = compileGraph(graph, { calibration: [readImages("train", 200).images] });
    const { images, labels } = readImages("test", COUNT);
    const { float, integer, agreement } = evaluate(graph, program, [images], labels);
    if (!("accuracy" in float && "accuracy" in integer)) throw new TypeError("expected a classification");
    // What TensorFlow Lite (LiteRT 2) decides on the same pixels.
    expect(float.accuracy).toBe(0.7625);
    expect(Math.abs(float.accuracy - integer.accuracy)).toBeLessThan(0.005);
    expect(agreement).toBeGreaterThan(0.98);
  });
});
