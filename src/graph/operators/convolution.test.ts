/** Worked examples; agreement with ONNX's own cases is shown by formats/onnx/backendTests.test.ts. */

import { describe, expect, test } from "vitest";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkGraph } from "../check.ts";
import type { Attribute } from "../node.ts";
import { runGraph } from "../run.ts";
import { type GraphSketch, graphOf, int, ints, reals } from "../testing/draft.ts";

const text = (value: string): Attribute => ({ type: "string", value });

interface Result {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** One node on samples of this shape. */
function apply(
  operator: string,
  shape: readonly number[],
  data: readonly number[],
  attributes: NonNullable<GraphSketch["nodes"][number]["attributes"]> = {},
  constants: Readonly<Record<string, Tensor>> = {},
): Result {
  const graph = graphOf({
    inputs: { x: [null, ...shape] },
    constants,
    nodes: [{ operator, inputs: ["x", ...Object.keys(constants)], attributes }],
  });
  checkGraph(graph);
  const samples = data.length / shape.reduce((count, length) => count * length, 1);
  const result = runGraph(graph, [reals([samples, ...shape], ...data)]).get("y");
  return { shape: graph.outputs[0].shape, data: Array.from(result?.data ?? []) };
}

const IMAGE = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe("Conv", () => {
  const ones = reals([1, 1, 2, 2], 1, 1, 1, 1);

  test("slides over two axes, with strides, dilations and padding", () => {
    expect(apply("Conv", [1, 3, 3], IMAGE, {}, { w: ones })).toEqual({
      shape: [1, 2, 2],
      data: [12, 16, 24, 28],
    });
    expect(apply("Conv", [1, 3, 3], IMAGE, { dilations: ints(2, 2) }, { w: ones }).data).toEqual([20]);
    const padded = { strides: ints(2, 2), pads: ints(1, 1, 0, 0) };
    expect(apply("Conv", [1, 3, 3], IMAGE, padded, { w: ones }).data).toEqual([1, 5, 11, 28]);
  });

  test("automatic padding puts the odd element at the stated end", () => {
    expect(apply("Conv", [1, 3, 3], IMAGE, { auto_pad: text("SAME_UPPER") }, { w: ones }).data).toEqual([
      12, 16, 9, 24, 28, 15, 15, 17, 9,
    ]);
    expect(apply("Conv", [1, 3, 3], IMAGE, { auto_pad: text("SAME_LOWER") }, { w: ones }).data).toEqual([
      1, 3, 5, 5, 12, 16, 11, 24, 28,
    ]);
  });

  test("keeps groups and samples apart and adds the bias", () => {
    const constants = { w: reals([2, 1, 1], 10, 100), b: reals([2], 1, 2) };
    const result = apply("Conv", [2, 2], [1, 2, 3, 4, 5, 6, 7, 8], { group: int(2) }, constants);
    expect(result).toEqual({ shape: [2, 2], data: [11, 21, 302, 402, 51, 61, 702, 802] });
  });

  test("adds up in double precision", () => {
    const constants = { w: reals([1, 3, 1], 1, 1, 1) };
    expect(apply("Conv", [3, 1], [2 ** 24, 1, -(2 ** 24)], {}, constants).data).toEqual([1]);
  });

  test.each([
    ["groups", { group: int(2) }, reals([1, 1, 2, 2], 1, 1, 1, 1)],
    ["weights", {}, reals([1, 3, 2, 2], ...new Array(12).fill(1))],
    ["rank", {}, reals([1, 1, 2], 1, 1)],
    ["size", {}, reals([1, 1, 4, 1], 1, 1, 1, 1)],
    ["strides", { strides: ints(0, 1) }, reals([1, 1, 1, 1], 1)],
    ["pads", { pads: ints(1, 1) }, reals([1, 1, 1, 1], 1)],
    ["kernel_shape", { kernel_shape: ints(3, 3) }, reals([1, 1, 1, 1], 1)],
  ])("%s that do not fit are refused", (_, attributes, w) => {
    expect(() => apply("Conv", [1, 3, 3], IMAGE, attributes, { w })).toThrow(
      expect.objectContaining({ code: "model.shapeMismatch" }),
    );
  });

  test("a window for every one of a billion elements is refused before memory is spent", () => {
    const attributes = {
      kernel_shape: ints(2 ** 30, 2 ** 30),
      pads: ints(2 ** 30, 2 ** 30, 2 ** 30, 2 ** 30),
    };
    expect(() => apply("MaxPool", [1, 3, 3], IMAGE, attributes)).toThrow(
      expect.objectContaining({ code: "model.tooLarge" }),
    );
  });
});

describe("ConvTranspose", () => {
  const w = reals([1, 1, 3], 1, 10, 100);

  test("adds a multiple of the kernel for each element", () => {
    expect(apply("ConvTranspose", [1, 2], [1, 2], {}, { w }).data).toEqual([1, 12, 120, 200]);
    const strided = { strides: ints(2), pads: ints(1, 0), output_padding: ints(1) };
    expect(apply("ConvTranspose", [1, 2], [1, 2], strided, { w }).data).toEqual([10, 102, 20, 200, 0]);
  });

  test("an output shape decides the padding, and resolved graphs spell it out", () => {
    const attributes = { strides: ints(2), output_shape: ints(4), auto_pad: text("SAME_UPPER") };
    expect(apply("ConvTranspose", [1, 2], [1, 2], attributes, { w }).data).toEqual([1, 10, 102, 20]);
    const graph = graphOf({
      inputs: { x: [null, 1, 2] },
      constants: { w },
      nodes: [{ operator: "ConvTranspose", inputs: ["x", "w"], attributes }],
    });
    expect(graph.nodes[0].attributes.get("pads")).toEqual(ints(0, 1));
    expect([...graph.nodes[0].attributes.keys()].sort()).toEqual(["pads", "strides"]);
  });

  test("windows that reach endlessly far are refused", () => {
    const attributes = { dilations: ints(2 ** 31), output_shape: ints(3), auto_pad: text("SAME_UPPER") };
    expect(() => apply("ConvTranspose", [1, 2], [1, 2], attributes, { w })).toThrow(/reach too far/);
    const strided = { ...attributes, dilations: ints(1), strides: ints(2 ** 31) };
    expect(() => apply("ConvTranspose", [1, 2], [1, 2], strided, { w })).toThrow(/elements far/);
  });

  test("groups have kernels of their own", () => {
    const constants = { w: reals([2, 1, 1], 10, 100) };
    expect(apply("ConvTranspose", [2, 1], [1, 2], { group: int(2) }, constants).data).toEqual([10, 200]);
  });
});

describe("pools", () => {
  const window = { kernel_shape: ints(2, 2), strides: ints(2, 2) };

  test("MaxPool and AveragePool", () => {
    expect(apply("MaxPool", [1, 3, 3], IMAGE, window).data).toEqual([5]);
    const ceil = { ...window, ceil_mode: int(1) };
    expect(apply("MaxPool", [1, 3, 3], IMAGE, ceil).data).toEqual([5, 6, 8, 9]);
    expect(apply("AveragePool", [1, 3, 3], IMAGE, ceil).data).toEqual([3, 4.5, 7.5, 9]);
  });

  test("padding counts where that is wanted, and never wins", () => {
    const padded = { ...window, pads: ints(1, 1, 0, 0) };
    expect(apply("AveragePool", [1, 3, 3], IMAGE, padded).data).toEqual([1, 2.5, 5.5, 7]);
    const counted = { ...padded, count_include_pad: int(1) };
    expect(apply("AveragePool", [1, 3, 3], IMAGE, counted).data).toEqual([0.25, 1.25, 2.75, 7]);
    const negative = IMAGE.map((x) => -x);
    expect(apply("MaxPool", [1, 3, 3], negative, padded).data).toEqual([-1, -2, -4, -5]);
  });

  test("global pools", () => {
    expect(apply("GlobalAveragePool", [2, 1, 2], [1, 3, 5, 9])).toEqual({ shape: [2, 1, 1], data: [2, 7] });
    expect(apply("GlobalMaxPool", [2, 1, 2], [1, 3, 9, 5]).data).toEqual([3, 9]);
  });
});
