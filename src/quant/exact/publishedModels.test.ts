/**
 * Published quantised networks, whole, against the outputs of TensorFlow Lite's reference kernels. The models stand
 * beside the repository; without them this is skipped.
 */

import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { readDataFile } from "../../data/readDataFile.ts";
import { loadModel } from "../../formats/load.ts";
import { runProgram } from "../../program/interpreter.ts";
import { compileExact } from "./compileExact.ts";
import { completeOutputs } from "./completeOutputs.ts";

const DATA = "../shared/data";

function readIntegers(path: string): { samples: number; integers: Int32Array } {
  const [{ shape, data }] = readDataFile(readFileSync(path), basename(path)).tensors;
  return { samples: shape[0], integers: Int32Array.from(data) };
}

describe.skipIf(!existsSync(DATA))(`published int8 and uint8 models (skipped without ${DATA})`, () => {
  test.each([
    "mnist-models/q_aware_784_56_10",
    "mnist-models/q_aware_196_24_14_10",
    "tiny-mlperf/kws_dscnn_int8",
    "tiny-mlperf/resnet8_int8",
    "tiny-mlperf/vww96_mobilenetv1_int8",
    "coral/mobilenet_v1_0.25_128_uint8",
    "coral/mobilenet_v2_1.0_224_int8",
    "coral/mobilenet_v2_1.0_224_uint8",
  ])("%s", { timeout: 120_000 }, async (model) => {
    const graph = await loadModel(readFileSync(`${DATA}/${model}.tflite`), `${model}.tflite`);
    const goldens = `${DATA}/tflite-goldens/${basename(model)}`;
    const { samples, integers } = readIntegers(`${goldens}/in0.npy`);
    const { program, report } = compileExact(graph);
    expect(report.stripped).toEqual([["Softmax"]]);
    const { outputs } = runProgram(program, [integers], samples);
    expect(completeOutputs(graph, outputs)[0]).toEqual(readIntegers(`${goldens}/out0.npy`).integers);
  });
});
