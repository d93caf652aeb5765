/** Every operator against TensorFlow Lite's reference kernels, on models of our own (test/vectors/tflite/generate.py). */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadModel } from "../../formats/load.ts";
import { runProgram } from "../../program/interpreter.ts";
import { elementCount } from "../../tensor/shape.ts";
import { compileExact } from "./compileExact.ts";
import { completeOutputs } from "./completeOutputs.ts";

interface StoredTensor {
  readonly type: "int8" | "uint8" | "int32";
  readonly data: string;
}

interface Case {
  readonly name: string;
  readonly model: string;
  readonly inputs: readonly StoredTensor[];
  readonly output: StoredTensor;
}

function integersOf({ type, data }: StoredTensor): Int32Array {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  if (type === "int32") return new Int32Array(bytes.buffer);
  return Int32Array.from(type === "int8" ? new Int8Array(bytes.buffer) : bytes);
}

const path = new URL("../../../test/vectors/tflite/cases.json", import.meta.url);
const cases: readonly Case[] = JSON.parse(readFileSync(path, "utf8"));

describe("one operator at a time, integer for integer", () => {
  test.each(cases)("$name", async ({ name, model, inputs, output }) => {
    const graph = await loadModel(Uint8Array.from(Buffer.from(model, "base64")), `${name}.tflite`);
    const { program } = compileExact(graph);
    const values = inputs.map(integersOf);
    const samples = values[0].length / elementCount(program.tensors[0].shape);
    const { outputs } = runProgram(program, values, samples);
    expect([...completeOutputs(graph, outputs)[0]]).toEqual([...integersOf(output)]);
  });
});
