/** Photographs, from files in three formats to names of classes, by quantised ImageNet models as devices run them. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  compileGraph,
  imageTensor,
  loadModel,
  type Program,
  quantiseInput,
  readImage,
  runProgram,
  toModelInputs,
} from "../../src/index.ts";
import { DATA } from "./publishedModels.ts";

const V1 = "mobilenet_v1_0.25_128_uint8";
const V2 = "mobilenet_v2_1.0_224_uint8";
const V2_SIGNED = "mobilenet_v2_1.0_224_int8";

/** The name of the highest score. */
function classOf(program: Program, photo: string, names: readonly string[]): string {
  const { name, shape, range, quant } = program.tensors[program.inputs[0]];
  const image = readImage(new Uint8Array(readFileSync(`${DATA}/images/${photo}`)), photo);
  const file = { fileName: photo, tensors: [imageTensor(image, { name, shape }, photo)] };
  const byteQuant = { lo: range.lo, scale: quant.scale, zeroPoint: quant.zeroPoint };
  const [{ data }] = toModelInputs(file, [{ name, shape, type: "float32", byteQuant }]);
  const [scores] = runProgram(program, [quantiseInput(program, 0, data as Float32Array)], 1).outputs;
  return names[scores.indexOf(Math.max(...scores))];
}

describe.skipIf(!existsSync(DATA))(`photographs (skipped without ${DATA})`, () => {
  test.each([
    [V1, { "cat.bmp": "Egyptian cat", "bird.bmp": "chickadee" }],
    [
      V2,
      {
        "cat.bmp": "Egyptian cat",
        "cat_720p.jpg": "Egyptian cat",
        "bird.bmp": "chickadee",
        "grace_hopper.bmp": "military uniform",
      },
    ],
    [V2_SIGNED, { "cat_1080p.jpg": "Egyptian cat", "grace_hopper.bmp": "military uniform" }],
  ])("%s: %j", { timeout: 120_000 }, async (model, expected) => {
    const path = `${DATA}/coral/${model}.tflite`;
    const { program } = compileGraph(await loadModel(readFileSync(path), path), { mode: "exact-int8" });
    const names = readFileSync(`${DATA}/coral/imagenet_labels.txt`, "utf8").trimEnd().split("\n");
    const classes = Object.keys(expected).map((photo) => [photo, classOf(program, photo, names).trim()]);
    expect(Object.fromEntries(classes)).toEqual(expected);
  });
});
