import { describe, expect, test } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { runGraph } from "../../graph/run.ts";
import { reals } from "../../graph/testing/draft.ts";
import {
  FLOAT32,
  INT32,
  type TfliteOperatorSketch,
  type TfliteTensorSketch,
  tfliteModel,
} from "../testing/models.ts";
import { readTflite } from "./read.ts";

const CODE = {
  add: 0,
  concatenation: 2,
  conv2d: 3,
  dequantize: 6,
  fullyConnected: 9,
  l2Pool2d: 12,
  logistic: 14,
  mul: 18,
  relu: 19,
  reluN1To1: 20,
  relu6: 21,
  reshape: 22,
  softmax: 25,
  tanh: 28,
  custom: 32,
  transpose: 39,
  squeeze: 43,
  stridedSlice: 45,
  argMax: 56,
  expandDims: 70,
  shape: 77,
  pack: 83,
  leakyRelu: 98,
} as const;

function load(tensors: readonly TfliteTensorSketch[], operators: readonly TfliteOperatorSketch[]): Graph {
  return resolveGraph(readTflite(tfliteModel(tensors, operators), "m.tflite"));
}

function run(graph: Graph, samples: number, ...data: readonly number[]): number[] {
  checkGraph(graph);
  const result = runGraph(graph, [reals([samples, ...graph.inputs[0].shape], ...data)]);
  return Array.from(result.get(graph.outputs[0].name)?.data ?? []);
}

/** One operator on an open batch of vectors of three, with further constant inputs. */
function apply(
  code: number,
  options: TfliteOperatorSketch["options"],
  constants: readonly TfliteTensorSketch[],
  ...data: number[]
): number[] {
  const tensors = [{ shape: [1, 3], signature: [-1, 3] }, ...constants, { shape: [1, 3] }];
  const inputs = [0, ...constants.map((_, i) => i + 1)];
  const graph = load(tensors, [{ code, inputs, outputs: [tensors.length - 1], ...(options && { options }) }]);
  return run(graph, data.length / 3, ...data);
}

const float = (...data: number[]): TfliteTensorSketch => ({ shape: [data.length], data });
const int = (...data: number[]): TfliteTensorSketch => ({ shape: [data.length], data, type: INT32 });

describe("operators", () => {
  test("activations", () => {
    expect(apply(CODE.relu, undefined, [], -1, 0, 8)).toEqual([0, 0, 8]);
    expect(apply(CODE.relu6, undefined, [], -1, 0, 8)).toEqual([0, 0, 6]);
    expect(apply(CODE.reluN1To1, undefined, [], -3, 0.5, 8)).toEqual([-1, 0.5, 1]);
    expect(apply(CODE.leakyRelu, [{ field: 0, kind: "float32", value: 0.5 }], [], -4, 0, 8)).toEqual([
      -2, 0, 8,
    ]);
    expect(apply(CODE.logistic, undefined, [], 0, 0, 0)).toEqual([0.5, 0.5, 0.5]);
    expect(apply(CODE.tanh, undefined, [], 0, 0, 0)).toEqual([0, 0, 0]);
  });

  test.each([
    [0, [-1, 2, 9]],
    [1, [0, 2, 9]],
    [2, [-1, 1, 1]],
    [3, [0, 2, 6]],
    [4, [-1, 2, 9].map((x) => Math.fround(Math.tanh(x)))],
  ])("ADD with fused activation %i", (value, expected) => {
    const options = value === 0 ? undefined : ([{ field: 0, kind: "int8", value }] as const);
    expect(apply(CODE.add, options, [float(1, 1, 1)], -2, 1, 8)).toEqual(expected);
  });

  test("SOFTMAX scales by beta", () => {
    const [first] = apply(CODE.softmax, [{ field: 0, kind: "float32", value: 2 }], [], 0.5, 0, 0);
    expect(first).toBeCloseTo(Math.E / (Math.E + 2), 6);
  });

  test("FULLY_CONNECTED without a bias, on more axes kept or not", () => {
    const weights = { shape: [1, 2], data: [10, 1] };
    const plain = load(
      [{ shape: [1, 2] }, weights, { shape: [1, 1] }],
      [{ code: CODE.fullyConnected, inputs: [0, 1, -1], outputs: [2] }],
    );
    expect(run(plain, 2, 1, 2, 3, 4)).toEqual([12, 34]);
    const tensors = [{ shape: [1, 2, 2], signature: [-1, 2, 2] }, weights, float(100), { shape: [1, 2, 1] }];
    const keep = [{ field: 2, kind: "int8", value: 1 }] as const;
    const kept = load(tensors, [
      { code: CODE.fullyConnected, inputs: [0, 1, 2], outputs: [3], options: keep },
    ]);
    expect(kept.outputs[0].shape).toEqual([2, 1]);
    expect(run(kept, 1, 1, 2, 3, 4)).toEqual([112, 134]);
    const flat = load(
      [{ shape: [1, 1, 2] }, weights, { shape: [1, 1] }],
      [{ code: CODE.fullyConnected, inputs: [0, 1, -1], outputs: [2] }],
    );
    expect(run(flat, 2, 1, 2, 3, 4)).toEqual([12, 34]);
  });

  test("layout", () => {
    const graph = load(
      [
        { shape: [1, 2, 2], signature: [-1, 2, 2] },
        int(0, 2, 1),
        { shape: [1, 2, 2] },
        int(1),
        { shape: [1, 1, 2, 2] },
        int(1),
        { shape: [1, 2] },
      ],
      [
        { code: CODE.transpose, inputs: [0, 1], outputs: [2] },
        { code: CODE.expandDims, inputs: [2, 3], outputs: [4] },
        { code: CODE.reshape, inputs: [4], outputs: [6] },
      ],
    );
    expect(graph.problems.map(({ reason }) => reason)).toEqual(["it has no target shape"]);
    const turned = load(
      [{ shape: [1, 2, 2], signature: [-1, 2, 2] }, int(0, 2, 1), { shape: [1, 2, 2] }],
      [{ code: CODE.transpose, inputs: [0, 1], outputs: [2] }],
    );
    expect(run(turned, 1, 1, 2, 3, 4)).toEqual([1, 3, 2, 4]);
  });

  test("ARG_MAX along a constant axis", () => {
    expect(apply(CODE.argMax, undefined, [int(1)], 1, 7, 3, 9, 7, 3)).toEqual([1, 0]);
  });
});

describe("Keras' Flatten", () => {
  test("as SHAPE, STRIDED_SLICE, PACK and RESHAPE", () => {
    const tensors: TfliteTensorSketch[] = [
      { shape: [1, 2, 2], signature: [-1, 2, 2] },
      { shape: [3], type: INT32 },
      int(0),
      int(1),
      int(1),
      { shape: [], type: INT32 },
      { shape: [], data: [4], type: INT32 },
      { shape: [2], type: INT32 },
      { shape: [1, 4], signature: [-1, 4] },
    ];
    const graph = load(tensors, [
      { code: CODE.shape, inputs: [0], outputs: [1] },
      {
        code: CODE.stridedSlice,
        inputs: [1, 2, 3, 4],
        outputs: [5],
        options: [{ field: 4, kind: "int32", value: 1 }],
      },
      { code: CODE.pack, inputs: [5, 6], outputs: [7] },
      { code: CODE.reshape, inputs: [0, 7], outputs: [8] },
    ]);
    expect(run(graph, 2, 1, 2, 3, 4, 5, 6, 7, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(graph.nodes.map(({ operator }) => operator)).toEqual(["Reshape"]);
    expect(graph.outputs[0].shape).toEqual([4]);
  });

  test("as RESHAPE to a constant shape", () => {
    const tensors: TfliteTensorSketch[] = [
      { shape: [1, 2, 2], signature: [-1, 2, 2] },
      int(-1, 4),
      { shape: [1, 4] },
    ];
    expect(load(tensors, [{ code: CODE.reshape, inputs: [0, 1], outputs: [2] }]).outputs[0].shape).toEqual([
      4,
    ]);
  });
});

describe("what is refused", () => {
  test("all unsupported operators together", () => {
    const graph = load(
      [{ shape: [1, 4, 4, 1] }, { shape: [1, 4, 4, 1] }, { shape: [1, 4, 4, 1] }, { shape: [1, 16] }],
      [
        { code: CODE.conv2d, inputs: [0], outputs: [1] },
        { code: CODE.l2Pool2d, inputs: [1], outputs: [2] },
        { code: CODE.relu, inputs: [2], outputs: [3] },
      ],
    );
    expect(() => checkGraph(graph)).toThrow(expect.objectContaining({ code: "model.unsupportedOperator" }));
    expect(graph.problems.map(({ operator }) => operator)).toEqual(["tflite.CONV_2D", "tflite.L2_POOL_2D"]);
  });

  test("custom operators", () => {
    const graph = load(
      [{ shape: [1, 2] }, { shape: [1, 2] }],
      [{ code: CODE.custom, inputs: [0], outputs: [1] }],
    );
    expect(graph.problems[0].operator).toBe("tflite.CUSTOM:");
  });

  test("constants that do not fill their shape", () => {
    const model = tfliteModel([{ shape: [1, 2] }, { shape: [3], data: [1, 2], type: FLOAT32 }], []);
    expect(() => readTflite(model, "m")).toThrow(expect.objectContaining({ code: "model.malformed" }));
  });

  test("references to tensors that do not exist", () => {
    const model = tfliteModel([{ shape: [1, 2] }], [{ code: CODE.relu, inputs: [7], outputs: [0] }]);
    expect(() => readTflite(model, "m")).toThrow(/tensor 7 of 1/);
  });
});
