/**
 * The float reference on the single-operator cases of ONNX's backend test suite. They stand beside the repository; without
 * them this is skipped. `npm run coverage` tells what becomes of each as an integer program.
 */

import { describe, expect, test } from "vitest";
import { readOnnx } from "../../src/formats/onnx/read.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { evaluateFloat } from "../coverage/floatCase.ts";
import { nodeCase, nodeCaseNames } from "../coverage/nodeSet.ts";

const names = nodeCaseNames();

describe.skipIf(names.length === 0)("ONNX backend test suite (skipped without ../shared/data)", () => {
  test("every case either agrees or is refused, and few are refused", () => {
    let passed = 0;
    const failed: string[] = [];
    for (const name of names) {
      const { model, inputs, outputs } = nodeCase(name);
      const draft = readOnnx(model, name);
      if (inputs.length < draft.inputs.length || inputs.includes(undefined)) continue;
      const given = new Map(draft.inputs.map((input, i) => [input.name, inputs[i] as Tensor]));
      const { float, floatDetail } = evaluateFloat(draft, given, outputs);
      if (float === "pass") passed++;
      if (float === "fail") failed.push(`${name}: ${floatDetail}`);
    }
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThanOrEqual(815);
  });
});
