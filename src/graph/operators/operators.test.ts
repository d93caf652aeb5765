/** Worked examples; agreement with ONNX Runtime is shown by formats/onnx/goldenVectors.test.ts. */

import { describe, expect, test } from "vitest";
import { checkGraph } from "../check.ts";
import { runGraph } from "../run.ts";
import { float, type GraphSketch, graphOf, int, integers, ints, reals } from "../testing/draft.ts";
import { supportedOperators } from "./registry.ts";

/** Outputs of a single node for one sample; constants follow `x` as its inputs. */
function apply(
  operator: string,
  shape: readonly number[],
  data: readonly number[],
  rest: Partial<GraphSketch["nodes"][number]> & { readonly constants?: GraphSketch["constants"] } = {},
): { shape: readonly number[]; data: number[] } {
  const { constants = {}, ...node } = rest;
  const inputs = ["x", ...Object.keys(constants)];
  const graph = graphOf({
    inputs: { x: [null, ...shape] },
    constants,
    nodes: [{ operator, inputs, ...node }],
  });
  checkGraph(graph);
  const result = runGraph(graph, [reals([1, ...shape], ...data)]).get("y");
  return { shape: graph.outputs[0].shape, data: Array.from(result?.data ?? []) };
}

describe("linear", () => {
  test("Gemm scales the product by alpha and the bias by beta", () => {
    const constants = { w: reals([2, 2], 1, 2, 3, 4), b: reals([2], 10, 20) };
    const attributes = { alpha: float(2), beta: float(0.5), transB: int(1) };
    expect(apply("Gemm", [2], [1, 1], { constants, attributes }).data).toEqual([11, 24]);
    expect(apply("Gemm", [2], [1, 1], { constants, attributes: {} }).data).toEqual([14, 26]);
  });

  test("MatMul multiplies the last two axes and adds up in double precision", () => {
    const constants = { w: reals([3, 1], 2 ** 24, 1, -(2 ** 24)) };
    expect(apply("MatMul", [2, 3], [1, 1, 1, 1, 3, 1], { constants })).toEqual({
      shape: [2, 1],
      data: [1, 3],
    });
  });

  test("BatchNormalization works per channel", () => {
    const one = reals([2], 1, 2);
    const constants = { g: one, b: reals([2], 0, 1), m: reals([2], 1, 0), v: reals([2], 4, 1) };
    const attributes = { epsilon: float(0) };
    expect(apply("BatchNormalization", [2, 2], [3, 5, 1, 2], { constants, attributes }).data).toEqual([
      1, 2, 3, 5,
    ]);
  });
});

describe("elementwise", () => {
  test.each([
    ["Add", [11, 22, 13, 24]],
    ["Sub", [-9, -18, -7, -16]],
    ["Mul", [10, 40, 30, 80]],
    ["Div", [0.1, 0.1, 0.3, 0.2].map(Math.fround)],
  ])("%s broadcasts", (operator, expected) => {
    expect(apply(operator, [2, 2], [1, 2, 3, 4], { constants: { c: reals([2], 10, 20) } }).data).toEqual(
      expected,
    );
  });

  test("the broadcast attribute of operator sets before 7 is refused", () => {
    const node = { constants: { c: reals([2], 1, 2) }, opset: 6, attributes: { broadcast: int(1) } };
    expect(() => apply("Add", [2], [1, 2], node)).toThrow(/operator set 6/);
  });

  test.each([
    ["Relu", {}, [0, 0, 2]],
    ["LeakyRelu", { alpha: float(0.5) }, [-0.5, 0, 2]],
    ["Sigmoid", {}, [1 / (1 + Math.E), 0.5, 1 / (1 + Math.exp(-2))].map(Math.fround)],
    ["Tanh", {}, [Math.tanh(-1), 0, Math.tanh(2)].map(Math.fround)],
    ["Clip", { min: float(-0.5), max: float(1) }, [-0.5, 0, 1]],
    ["Identity", {}, [-1, 0, 2]],
    ["Dropout", {}, [-1, 0, 2]],
  ])("%s", (operator, attributes, expected) => {
    expect(apply(operator, [3], [-1, 0, 2], { attributes }).data).toEqual(expected);
  });

  test("Sigmoid keeps within [0, 1] far out", () => {
    expect(apply("Sigmoid", [2], [-1000, 1000]).data).toEqual([0, 1]);
  });

  test("Cast goes towards zero, and to booleans", () => {
    expect(apply("Cast", [3], [-1.7, 0, 2.9], { attributes: { to: int(7) } }).data.map((x) => x + 0)).toEqual(
      [-1, 0, 2],
    );
    expect(apply("Cast", [3], [-1.7, 0, 0.2], { attributes: { to: int(9) } }).data).toEqual([1, 0, 1]);
    expect(() => apply("Cast", [1], [1], { attributes: { to: int(8) } })).toThrow(/element type 8/);
  });
});

describe("along an axis", () => {
  test("Softmax sums to one and does not overflow", () => {
    const { data } = apply("Softmax", [3], [1000, 1000, 1000 + Math.log(2)], {
      attributes: { axis: int(-1) },
    });
    expect(data[0]).toBeCloseTo(0.25, 4);
    expect(data[2]).toBeCloseTo(0.5, 4);
  });

  test("Softmax before operator set 13 spans all axes from its own", () => {
    expect(apply("Softmax", [2, 2], [0, 0, 0, 0], { opset: 11 }).data).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(apply("Softmax", [2, 2], [0, 0, 0, 0], { opset: 13 }).data).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test("LogSoftmax", () => {
    expect(apply("LogSoftmax", [2], [3, 3]).data).toEqual([
      Math.fround(-Math.log(2)),
      Math.fround(-Math.log(2)),
    ]);
  });

  test("ArgMax takes the lowest index among equals", () => {
    expect(apply("ArgMax", [4], [1, 5, 5, 0], { attributes: { axis: int(1), keepdims: int(0) } })).toEqual({
      shape: [],
      data: [1],
    });
    expect(apply("ArgMax", [2, 2], [1, 5, 5, 0], { attributes: { axis: int(-2) } })).toEqual({
      shape: [1, 2],
      data: [1, 0],
    });
  });
});

describe("layout", () => {
  const six = [0, 1, 2, 3, 4, 5];

  test.each([
    ["Flatten", {}, {}, [6]],
    ["Reshape", { s: integers(0, 3, -1) }, {}, [3, 2]],
    ["Reshape", {}, { shape: ints(0, -1) }, [6]],
    ["Unsqueeze", { a: integers(1, -1) }, {}, [1, 2, 3, 1]],
    ["Unsqueeze", {}, { axes: ints(3) }, [2, 3, 1]],
  ])("%s keeps the order", (operator, constants, attributes, shape) => {
    expect(apply(operator, [2, 3], six, { constants, attributes })).toEqual({ shape, data: six });
  });

  test("Squeeze drops the axes named, or all of length 1 but the batch", () => {
    expect(apply("Squeeze", [1, 6, 1], six, { constants: { a: integers(1) } }).shape).toEqual([6, 1]);
    expect(apply("Squeeze", [1, 6, 1], six).shape).toEqual([6]);
    expect(() => apply("Squeeze", [2, 3], six, { constants: { a: integers(1) } })).toThrow(/not of length 1/);
  });

  test("Transpose", () => {
    const attributes = { perm: ints(0, 2, 1) };
    expect(apply("Transpose", [2, 3], six, { attributes })).toEqual({
      shape: [3, 2],
      data: [0, 3, 1, 4, 2, 5],
    });
  });

  test("Slice goes backwards too", () => {
    const constants = { from: integers(-1), to: integers(-100), axes: integers(2), steps: integers(-2) };
    expect(apply("Slice", [2, 3], six, { constants })).toEqual({ shape: [2, 2], data: [2, 0, 5, 3] });
  });

  test("Concat and Gather", () => {
    const attributes = { axis: int(1) };
    expect(apply("Gather", [3], [7, 8, 9], { constants: { i: integers(-1, 0) }, attributes }).data).toEqual([
      9, 7,
    ]);
    expect(() => apply("Gather", [3], [7, 8, 9], { constants: { i: integers(3) }, attributes })).toThrow(
      /index 3 is outside/,
    );
    const graph = graphOf({
      inputs: { x: [null, 2] },
      nodes: [{ operator: "Concat", inputs: ["x", "x"], attributes }],
    });
    expect(Array.from(runGraph(graph, [reals([2, 2], 1, 2, 3, 4)]).get("y")?.data ?? [])).toEqual([
      1, 2, 1, 2, 3, 4, 3, 4,
    ]);
  });

  test.each([
    ["Reshape", { s: integers(0, 5) }, {}],
    ["Reshape", { s: integers(0, -1, -1) }, {}],
    ["Transpose", {}, { perm: ints(0, 0, 1) }],
    ["Softmax", {}, { axis: int(7) }],
    ["ArgMax", {}, { axis: int(-9) }],
    ["Gemm", { w: reals([2, 2], 1, 2, 3, 4) }, {}],
    ["MatMul", { w: reals([2, 2], 1, 2, 3, 4) }, {}],
  ])("%s refuses what does not fit", (operator, constants, attributes) => {
    expect(() => apply(operator, [2, 3], six, { constants, attributes })).toThrow(
      expect.objectContaining({ code: "model.shapeMismatch" }),
    );
  });
});

test("the registry knows every operator by its ONNX name", () => {
  expect(supportedOperators()).toContain("Gemm");
  expect(supportedOperators()).toContain("LayerNormalization");
});
