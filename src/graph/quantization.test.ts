import { describe, expect, test } from "vitest";
import { intTensor } from "../tensor/tensor.ts";
import { checkGraph } from "./check.ts";
import type { Graph } from "./graph.ts";
import { roundHalfEven } from "./operators/quantize.ts";
import { quantizationOf, quantizedConstant } from "./quantization.ts";
import { runGraph } from "./run.ts";
import { graphOf, int, ints, type NodeSketch, reals } from "./testing/draft.ts";

const CONSTANTS = {
  scale: reals([], 0.5),
  zero: intTensor([], [10], "uint8"),
  w: intTensor([2, 3], [1, 2, 3, 4, 5, 6], "int8"),
  ws: reals([2], 2, 4),
};
const PER_ROW = { axis: int(0) };
const WEIGHT: NodeSketch = {
  operator: "DequantizeLinear",
  inputs: ["w", "ws"],
  outputs: ["real"],
  attributes: PER_ROW,
};
const TURNED: NodeSketch = {
  operator: "Transpose",
  inputs: ["real"],
  outputs: ["turned"],
  attributes: { perm: ints(1, 0) },
};

function graph(...nodes: readonly NodeSketch[]): Graph {
  const result = graphOf({ inputs: { x: ["N", 3] }, constants: CONSTANTS, nodes });
  checkGraph(result);
  return result;
}

function run(of: Graph, ...data: number[]): number[] {
  return Array.from(runGraph(of, [reals([1, 3], ...data)]).get("y")?.data ?? []);
}

describe("QuantizeLinear and DequantizeLinear", () => {
  test("round half to even, saturate and come back", () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 0.4, -0.6].map(roundHalfEven)).toEqual([0, 2, 2, 0, -2, 0, -1]);
    const quantised = graph({ operator: "QuantizeLinear", inputs: ["x", "scale", "zero"] });
    expect(quantised.outputs[0].type).toBe("uint8");
    expect(run(quantised, 0.25, -100, 1000)).toEqual([10, 0, 255]);
    const both = graph(
      { operator: "QuantizeLinear", inputs: ["x", "scale", "zero"], outputs: ["q"] },
      { operator: "DequantizeLinear", inputs: ["q", "scale", "zero"] },
    );
    expect(run(both, 0.8, -100, 3)).toEqual([1, -5, 3]);
    expect(quantizationOf(both, both.nodes[1])).toEqual({
      type: "uint8",
      scales: Float32Array.of(0.5),
      zeroPoints: Float64Array.of(10),
      axis: 1,
    });
  });

  test.each([
    ["a scale of 0", { s: reals([], 0), z: intTensor([], [0], "int8") }],
    ["a scale that is no positive number", { s: reals([], -1), z: intTensor([], [0], "int8") }],
    ["a zero point that is no int8 number", { s: reals([], 1), z: intTensor([], [128], "int8") }],
  ])("%s is refused", (reason, constants) => {
    const nodes = [{ operator: "QuantizeLinear", inputs: ["x", "s", "z"] }];
    expect(() => checkGraph(graphOf({ inputs: { x: ["N", 3] }, constants, nodes }))).toThrow(reason);
  });

  test("scales that do not fit are refused", () => {
    const bad: NodeSketch = { operator: "QuantizeLinear", inputs: ["x", "ws"] };
    expect(() => graph(bad)).toThrow(expect.objectContaining({ code: "model.shapeMismatch" }));
  });
});

describe("weights stored as integers", () => {
  const product: NodeSketch = { operator: "MatMul", inputs: ["x", "turned"] };

  test("keep their node, with the integers in the order of axes that is read", () => {
    const result = graph(WEIGHT, TURNED, product);
    expect(result.nodes.map(({ operator }) => operator)).toEqual(["DequantizeLinear", "MatMul"]);
    expect(run(result, 1, 10, 100)).toEqual([642, 2616]);
    expect(quantizedConstant(result, result.nodes[0])).toEqual({
      name: "w/axes 1 0",
      integers: intTensor([3, 2], [1, 4, 2, 5, 3, 6], "int8"),
      type: "int8",
      scales: Float32Array.of(2, 4),
      zeroPoints: Float64Array.of(0, 0),
      axis: 1,
    });
    expect(quantizedConstant(result, result.nodes[1])).toBeUndefined();
    expect(result.values.has("turned")).toBe(false);
    expect(result.initializers.has("turned")).toBe(false);
  });

  test("are folded where something else is computed from them", () => {
    const doubled: NodeSketch = { operator: "Add", inputs: ["turned", "turned"], outputs: ["double"] };
    const result = graph(WEIGHT, TURNED, doubled, { operator: "MatMul", inputs: ["x", "double"] });
    expect(result.nodes.map(({ operator }) => operator)).toEqual(["MatMul"]);
    expect(run(result, 1, 10, 100)).toEqual([1284, 5232]);
  });
});
