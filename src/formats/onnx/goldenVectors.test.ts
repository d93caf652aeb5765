/** Float evaluation against ONNX Runtime, on models of our own (test/vectors/onnx/generate.py). */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import { runGraph } from "../../graph/run.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { loadModel } from "../load.ts";
import { writeOnnx } from "./write.ts";

interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly name: string;
  readonly model: string;
  readonly inputs: readonly StoredTensor[];
  readonly outputs: readonly StoredTensor[];
}

const path = new URL("../../../test/vectors/onnx/cases.json", import.meta.url);
const cases: readonly Case[] = JSON.parse(readFileSync(path, "utf8"));

describe.each(cases)("$name", ({ name, model, inputs, outputs }) => {
  const bytes = Uint8Array.from(Buffer.from(model, "base64"));

  async function expectOutputs(file: Uint8Array): Promise<void> {
    const graph = await loadModel(file, `${name}.onnx`);
    checkGraph(graph);
    const results = runGraph(
      graph,
      inputs.map(({ shape, data }) => floatTensor(shape, data)),
    );
    graph.outputs.forEach((output, i) => {
      const result = results.get(output.name);
      expect(result?.shape).toEqual(outputs[i].shape);
      const errors = outputs[i].data.map((expected, j) => {
        return Math.abs((result?.data[j] ?? Number.NaN) - expected) / Math.max(1, Math.abs(expected));
      });
      expect(Math.max(...errors)).toBeLessThan(2e-6);
    });
  }

  test("gives ONNX Runtime's outputs", () => expectOutputs(bytes));

  test("gives them after having been written and read back", async () => {
    await expectOutputs(writeOnnx(await loadModel(bytes, `${name}.onnx`)));
  });
});
