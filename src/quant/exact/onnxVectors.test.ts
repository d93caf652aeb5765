/** Quantised ONNX models against ONNX Runtime, on models of our own (test/vectors/onnxQuantised/generate.py). */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadModel } from "../../formats/load.ts";
import { runProgram } from "../../program/interpreter.ts";
import { compileExact } from "./compileExact.ts";
import { quantiseReal } from "./onnxReals.ts";

interface Case {
  readonly name: string;
  readonly model: string;
  readonly samples: number;
  readonly input: string;
  readonly output: string;
}

const path = new URL("../../../test/vectors/onnxQuantised/cases.json", import.meta.url);
const cases: readonly Case[] = JSON.parse(readFileSync(path, "utf8"));

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64"));
}

describe("ONNX, integer for integer", () => {
  test.each(cases)("$name", async ({ name, model, samples, input, output }) => {
    const graph = await loadModel(bytesOf(model), `${name}.onnx`);
    const { program } = compileExact(graph);
    const { quant } = program.tensors[0];
    const bytes = bytesOf(input);
    const isReal = graph.inputs[0].type === "float32";
    const values = isReal
      ? Int32Array.from(new Float32Array(bytes.buffer), (x) => quantiseReal(x, { type: "uint8", ...quant }))
      : Int32Array.from(bytes);
    const { outputs } = runProgram(program, [values], samples);
    expect([...outputs[0]]).toEqual([...bytesOf(output)]);
  });
});
