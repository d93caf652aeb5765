/** Worked examples; agreement with ONNX's own cases is shown by formats/onnx/backendTests.test.ts. */

import { describe, expect, test } from "vitest";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkGraph } from "../check.ts";
import type { Attribute } from "../node.ts";
import { runGraph } from "../run.ts";
import { float, type GraphSketch, graphOf, int, integers, ints, reals } from "../testing/draft.ts";

const text = (value: string): Attribute => ({ type: "string", value });
type Sketch = GraphSketch["nodes"][number];

/** One node on one sample; `outputs` are concatenated. */
function apply(
  operator: string,
  shape: readonly number[],
  data: readonly number[],
  {
    constants = {},
    ...rest
  }: Partial<Sketch> & { readonly constants?: Readonly<Record<string, Tensor>> } = {},
): number[] {
  const inputs = ["x", ...Object.keys(constants)];
  const node: Sketch = { operator, inputs, ...rest };
  const graph = graphOf({
    inputs: { x: [null, ...shape] },
    constants,
    nodes: [node],
    outputs: node.outputs ?? ["y"],
  });
  checkGraph(graph);
  return [...runGraph(graph, [reals([1, ...shape], ...data)]).values()].flatMap(({ data }) =>
    Array.from(data),
  );
}

describe("Pad", () => {
  const pads = integers(0, 2, 0, 1);

  test.each([
    ["constant", [9, 9, 1, 2, 3, 9]],
    ["edge", [1, 1, 1, 2, 3, 3]],
    ["reflect", [3, 2, 1, 2, 3, 2]],
    ["wrap", [2, 3, 1, 2, 3, 1]],
  ])("%s", (mode, expected) => {
    const constants = { pads, value: reals([], 9) };
    expect(apply("Pad", [3], [1, 2, 3], { constants, attributes: { mode: text(mode) } })).toEqual(expected);
  });

  test("negative numbers remove, attributes serve older versions, and other modes are refused", () => {
    expect(apply("Pad", [3], [1, 2, 3], { constants: { pads: integers(0, -1, 0, 0) } })).toEqual([2, 3]);
    const attributes = { pads: ints(0, 1, 0, 0), value: float(7) };
    expect(apply("Pad", [1], [1], { attributes, opset: 2 })).toEqual([7, 1]);
    expect(() => apply("Pad", [1], [1], { constants: { pads }, attributes: { mode: text("x") } })).toThrow(
      /mode "x"/,
    );
  });

  test("samples cannot be shifted against each other", () => {
    const graph = graphOf({
      inputs: { x: ["N", 2] },
      constants: { pads: integers(1, 0, -1, 0) },
      nodes: [{ operator: "Pad", inputs: ["x", "pads"] }],
    });
    expect(() => checkGraph(graph)).toThrow(expect.objectContaining({ code: "model.mixesSamples" }));
  });
});

describe("Split", () => {
  const outputs = ["a", "b"];
  test("into equal or stated parts", () => {
    expect(apply("Split", [2, 2], [1, 2, 3, 4], { outputs, attributes: { axis: int(2) } })).toEqual([
      1, 3, 2, 4,
    ]);
    const constants = { lengths: integers(1, 2) };
    expect(apply("Split", [3], [1, 2, 3], { outputs, constants, attributes: { axis: int(1) } })).toEqual([
      1, 2, 3,
    ]);
    const wrong = { outputs, constants: { lengths: integers(1, 1) }, attributes: { axis: int(1) } };
    expect(() => apply("Split", [3], [1, 2, 3], wrong)).toThrow(/cannot be split into \[1, 1\]/);
  });
});

describe("repetition", () => {
  test("Expand and Tile", () => {
    expect(apply("Expand", [2, 1], [1, 2], { constants: { shape: integers(1, 1, 2) } })).toEqual([
      1, 1, 2, 2,
    ]);
    expect(apply("Tile", [2], [1, 2], { constants: { repeats: integers(1, 2) } })).toEqual([1, 2, 1, 2]);
  });

  test("an empty tensor with an endless axis costs nothing", () => {
    const graph = graphOf({
      inputs: { x: [null, 2] },
      constants: { repeats: integers(1, 0), shape: integers(1, 2 ** 40, 0) },
      nodes: [
        { operator: "Tile", inputs: ["x", "repeats"], outputs: ["t"] },
        { operator: "Unsqueeze", inputs: ["t"], outputs: ["u"], attributes: { axes: ints(1) } },
        { operator: "Expand", inputs: ["u", "shape"] },
      ],
    });
    expect(() => checkGraph(graph)).toThrow(expect.objectContaining({ code: "model.tooLarge" }));
  });

  test("a tensor of too many elements is refused", () => {
    expect(() => apply("Tile", [2], [1, 2], { constants: { repeats: integers(1, 2 ** 40) } })).toThrow(
      expect.objectContaining({ code: "model.tooLarge" }),
    );
  });
});

describe("reductions", () => {
  test.each([
    ["ReduceMean", [2, 5]],
    ["ReduceSum", [6, 15]],
    ["ReduceMax", [3, 6]],
    ["ReduceMin", [1, 4]],
  ])("%s takes its axes from an attribute or an input", (operator, expected) => {
    const attributes = { axes: ints(-1), keepdims: int(0) };
    expect(apply(operator, [2, 3], [1, 2, 3, 4, 5, 6], { attributes })).toEqual(expected);
    const constants = { axes: integers(2) };
    expect(apply(operator, [2, 3], [1, 2, 3, 4, 5, 6], { constants, opset: 18 })).toEqual(expected);
  });

  test("over all axes they would mix samples", () => {
    expect(() => apply("ReduceSum", [2], [1, 2])).toThrow(
      expect.objectContaining({ code: "model.mixesSamples" }),
    );
  });
});

describe("Resize", () => {
  const resized = (attributes: Sketch["attributes"], factor: number, ...data: number[]): number[] => {
    const constants = { roi: reals([0]), scales: reals([3], 1, 1, factor) };
    return apply("Resize", [1, data.length], data, { constants, ...(attributes && { attributes }) });
  };
  const mode = (coordinates: string, kind = "linear"): Sketch["attributes"] => ({
    mode: text(kind),
    coordinate_transformation_mode: text(coordinates),
    nearest_mode: text("floor"),
  });

  test("nearest and linear, by coordinate mode", () => {
    expect(resized(mode("asymmetric", "nearest"), 2, 1, 5)).toEqual([1, 1, 5, 5]);
    expect(resized(mode("half_pixel"), 2, 1, 5)).toEqual([1, 2, 4, 5]);
    expect(resized(mode("align_corners"), 2, 1, 4)).toEqual([1, 2, 3, 4]);
    expect(resized(mode("asymmetric"), 2, 1, 5)).toEqual([1, 3, 5, 5]);
    expect(resized(mode("tf_half_pixel_for_nn", "nearest"), 0.5, 1, 2, 3, 4)).toEqual([2, 4]);
  });

  test("sizes instead of scales, with the batch written down as 1", () => {
    const constants = { roi: reals([0]), scales: reals([0]), sizes: integers(1, 1, 3) };
    expect(apply("Resize", [1, 2], [1, 5], { constants, attributes: mode("align_corners")! })).toEqual([
      1, 3, 5,
    ]);
  });

  test("other modes are refused", () => {
    expect(() => resized(mode("half_pixel", "quintic"), 2, 1, 5)).toThrow(/mode "quintic"/);
    expect(() => resized(mode("tf_crop_and_resize"), 2, 1, 5)).toThrow(/tf_crop_and_resize/);
  });
});

describe("blocks", () => {
  test("DepthToSpace in both orders, and back", () => {
    const attributes = { blocksize: int(2) };
    const data = [0, 1, 2, 3, 4, 5, 6, 7];
    expect(apply("DepthToSpace", [8, 1, 1], data, { attributes })).toEqual([0, 2, 4, 6, 1, 3, 5, 7]);
    const crd = { ...attributes, mode: text("CRD") };
    expect(apply("DepthToSpace", [8, 1, 1], data, { attributes: crd })).toEqual(data);
    expect(apply("SpaceToDepth", [2, 2, 2], data, { attributes })).toEqual([0, 4, 1, 5, 2, 6, 3, 7]);
  });
});

describe("functions of one element", () => {
  const rounded = (values: number[]): number[] => values.map((x) => Math.round(x * 1e4) / 1e4);

  test.each([
    ["HardSigmoid", {}, [0.1, 0.5, 0.9]],
    ["HardSwish", {}, [-0.3333, 0, 1.6667]],
    ["Elu", { alpha: float(2) }, [-1.7293, 0, 2]],
    ["Softplus", {}, rounded([0.126928, Math.LN2, 2.126928])],
  ])("%s", (operator, attributes, expected) => {
    expect(rounded(apply(operator, [3], [-2, 0, 2], { attributes }))).toEqual(expected);
  });

  test("PRelu, Max and Min take a second operand", () => {
    expect(apply("PRelu", [2, 2], [-2, 1, -3, 4], { constants: { slope: reals([2, 1], 2, 10) } })).toEqual([
      -4, 1, -30, 4,
    ]);
    expect(apply("Max", [2], [-2, 1], { constants: { c: reals([], 0) } })).toEqual([0, 1]);
    expect(apply("Min", [2], [-2, 1], { constants: { c: reals([], 0) } })).toEqual([-2, 0]);
    const slope = { constants: { slope: reals([3, 2], 1, 1, 1, 1, 1, 1) } };
    expect(() => apply("PRelu", [2], [1, 1], slope)).toThrow(/do not broadcast/);
  });
});
