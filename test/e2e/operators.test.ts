/** Operators on the model's own integers, on order and choice by data, proven and verified with everything else hidden. */

import { describe, expect, test } from "vitest";
import { runProgram } from "../../src/program/interpreter.ts";
import { compareOperators, type GraphOfOperators } from "../../src/quant/testing/operatorGraphs.ts";
import { int, randomTensor } from "../../src/quant/testing/smallGraphs.ts";
import { intTensor } from "../../src/tensor/tensor.ts";
import { proveProgram } from "../coverage/proveProgram.ts";

const GRAPHS: Readonly<Record<string, GraphOfOperators>> = {
  "comparison of wide integers": {
    inputs: { a: intTensor([3], [1 << 22, -5, 7], "int32"), b: intTensor([3], [1 << 21, -5, 9], "int32") },
    nodes: [{ operator: "GreaterOrEqual", inputs: ["a", "b"] }],
  },
  "the three largest and where they stand": {
    inputs: { x: randomTensor([2, 6], 3) },
    constants: { k: intTensor([1], [3]) },
    nodes: [{ operator: "TopK", inputs: ["x", "k"], outputs: ["v", "i"] }],
    outputs: ["v", "i"],
  },
  "entries by computed indices": {
    inputs: { data: randomTensor([3, 4], 5), indices: intTensor([3, 2], [0, -1, 2, 1, 3, 0]) },
    nodes: [{ operator: "GatherElements", inputs: ["data", "indices"], attributes: { axis: int(1) } }],
  },
  "attention under a computed mask": {
    inputs: {
      q: randomTensor([1, 1, 2, 4], 21),
      k: randomTensor([1, 1, 3, 4], 22),
      mask: intTensor([2, 3], [1, 0, 1, 0, 0, 0], "bool"),
    },
    nodes: [{ operator: "Attention", inputs: ["q", "k", "k", "mask"], opset: 23 }],
  },
};

describe("operators", () => {
  test.each(Object.entries(GRAPHS))("%s", (_, graph) => {
    const { program, inputs } = compareOperators(graph, { maxError: 0.01 });
    const { outputs, refusal } = proveProgram(program, inputs);
    expect(refusal).toBeNull();
    expect(outputs).toEqual([...runProgram(program, inputs, 1).outputs]);
  });
});
