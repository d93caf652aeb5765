/** Worked examples on small images, channels last. Tensors are called t0, t1, … */

import { describe, expect, test } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { runGraph } from "../../graph/run.ts";
import { elementCount } from "../../tensor/shape.ts";
import { zeros } from "../../tensor/tensor.ts";
import { loadModel } from "../load.ts";
import { writeOnnx } from "../onnx/write.ts";
import { INT32, type TfliteOperatorSketch, type TfliteTensorSketch, tfliteModel } from "../testing/models.ts";
import { readTflite } from "./read.ts";

type Option = NonNullable<TfliteOperatorSketch["options"]>[number];

const int8 = (field: number, value: number): Option => ({ field, kind: "int8", value });
const int32 = (field: number, value: number): Option => ({ field, kind: "int32", value });
const [SAME, VALID] = [0, 1];
/** Padding, stride along the width, stride along the height. */
const windows = (padding: number, strideW: number, strideH: number): Option[] => [
  int8(0, padding),
  int32(1, strideW),
  int32(2, strideH),
];
const integers = (...data: number[]): TfliteTensorSketch => ({ shape: [data.length], data, type: INT32 });

function load(tensors: readonly TfliteTensorSketch[], operators: readonly TfliteOperatorSketch[]): Graph {
  const graph = resolveGraph(readTflite(tfliteModel(tensors, operators), "m.tflite"));
  checkGraph(graph);
  return graph;
}

function run(graph: Graph, data: readonly number[]): number[] {
  const [{ shape, type }] = graph.inputs;
  const input = zeros(type, [data.length / elementCount(shape), ...shape]);
  input.data.set(data);
  const results = runGraph(graph, [input]);
  return graph.outputs.flatMap(({ name }) => Array.from(results.get(name)?.data ?? []));
}

/** One operator on an image, with further constant inputs, into a tensor of shape `output`. */
function apply(
  code: number,
  options: readonly Option[],
  shape: readonly number[],
  data: readonly number[],
  constants: readonly TfliteTensorSketch[],
  output: readonly number[],
): { shape: readonly number[]; data: number[] } {
  const tensors = [{ shape }, ...constants, { shape: output }];
  const inputs = [0, ...constants.map((_, i) => i + 1)];
  const graph = load(tensors, [{ code, inputs, outputs: [tensors.length - 1], options }]);
  return { shape: graph.outputs[0].shape, data: run(graph, data) };
}

const IMAGE = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe("convolutions", () => {
  test("CONV_2D with padding, strides and a fused activation", () => {
    const constants = [
      { shape: [1, 2, 2, 1], data: [1, 1, 1, -1] },
      { shape: [1], data: [-3] },
    ];
    const valid = apply(
      3,
      [...windows(VALID, 1, 1), int8(3, 1)],
      [1, 3, 3, 1],
      IMAGE,
      constants,
      [1, 2, 2, 1],
    );
    expect(valid).toEqual({ shape: [2, 2, 1], data: [0, 1, 5, 7] });
    const same = apply(3, windows(SAME, 2, 2), [1, 3, 3, 1], IMAGE, constants, [1, 2, 2, 1]);
    expect(same.data).toEqual([-1, 6, 12, 6]);
  });

  test("DEPTHWISE_CONV_2D with several kernels for each channel", () => {
    const constants = [
      { shape: [1, 1, 1, 4], data: [1, 2, 3, 4] },
      { shape: [4], data: [0, 0, 0, 1] },
    ];
    const result = apply(
      4,
      [...windows(VALID, 1, 1), int32(3, 2)],
      [1, 1, 1, 2],
      [10, 100],
      constants,
      [1, 1, 1, 4],
    );
    expect(result.data).toEqual([10, 20, 300, 401]);
  });

  test("TRANSPOSE_CONV to a stated shape", () => {
    const model = (padding: number, length: number): Graph =>
      load(
        [
          { shape: [1, 1, 2, 1] },
          integers(1, 1, length, 1),
          { shape: [1, 1, 3, 1], data: [1, 10, 100] },
          { shape: [1, 1, length, 1] },
        ],
        [{ code: 67, inputs: [1, 2, 0], outputs: [3], options: windows(padding, 2, 1) }],
      );
    expect(run(model(VALID, 5), [1, 2])).toEqual([1, 10, 102, 20, 200]);
    expect(run(model(VALID, 6), [1, 2])).toEqual([1, 10, 102, 20, 200, 0]);
    expect(run(model(SAME, 4), [1, 2])).toEqual([1, 10, 102, 20]);
  });

  test("pools count no padding", () => {
    const options = [...windows(SAME, 2, 2), int32(3, 2), int32(4, 2)];
    expect(apply(1, options, [1, 3, 3, 1], IMAGE, [], [1, 2, 2, 1]).data).toEqual([3, 4.5, 7.5, 9]);
    expect(apply(17, options, [1, 3, 3, 1], IMAGE, [], [1, 2, 2, 1]).data).toEqual([5, 6, 8, 9]);
  });
});

describe("regions", () => {
  test("MEAN, PAD, SLICE, RESIZE and SPLIT", () => {
    expect(apply(40, [], [1, 3, 3, 1], IMAGE, [integers(1, 2)], [1, 1])).toEqual({ shape: [1], data: [5] });
    const pads = { shape: [4, 2], data: [0, 0, 0, 0, 1, 0, 0, 0], type: INT32 };
    expect(apply(34, [], [1, 1, 2, 1], [7, 8], [pads], [1, 1, 3, 1]).data).toEqual([0, 7, 8]);
    const value = { shape: [], data: [9] };
    expect(apply(60, [], [1, 1, 2, 1], [7, 8], [pads, value], [1, 1, 3, 1]).data).toEqual([9, 7, 8]);
    const bounds = [integers(0, 1, 0, 0), integers(1, -1, 2, 1)];
    expect(apply(65, [], [1, 3, 3, 1], IMAGE, bounds, [1, 2, 2, 1]).data).toEqual([4, 5, 7, 8]);
    const halfPixels = [int8(3, 1)];
    expect(apply(23, halfPixels, [1, 1, 2, 1], [1, 5], [integers(1, 4)], [1, 1, 4, 1]).data).toEqual([
      1, 2, 4, 5,
    ]);
    expect(apply(97, [], [1, 1, 2, 1], [1, 5], [integers(1, 4)], [1, 1, 4, 1]).data).toEqual([1, 1, 5, 5]);
    const split = load(
      [
        { shape: [1, 2, 2, 1] },
        { shape: [], data: [2], type: INT32 },
        { shape: [1, 2, 1, 1] },
        { shape: [1, 2, 1, 1] },
      ],
      [{ code: 49, inputs: [1, 0], outputs: [2, 3], options: [int32(0, 2)] }],
    );
    expect(run(split, [1, 2, 3, 4])).toEqual([1, 3, 2, 4]);
  });

  test("padding and axes that are computed are refused", () => {
    const tensors = [{ shape: [1, 2, 2, 1] }, { shape: [4, 2], type: INT32 }, { shape: [1, 2, 2, 1] }];
    const model = tfliteModel(tensors, [{ code: 34, inputs: [0, 1], outputs: [2] }]);
    expect(resolveGraph(readTflite(model, "m")).problems).toMatchObject([{ code: "model.missingTensor" }]);
  });
});

describe("quantised models", () => {
  const INT8 = 9;
  const image = { type: INT8, scale: 0.5, zeroPoint: -1 };
  const tensors: TfliteTensorSketch[] = [
    { ...image, shape: [1, 1, 2, 2] },
    { shape: [2, 1, 1, 2], type: INT8, data: [1, 2, 3, 4], scale: [0.25, 2], zeroPoint: 0, axis: 0 },
    { shape: [2], type: INT32, data: [8, -1], scale: [0.125, 1], zeroPoint: 0, axis: 0 },
    { shape: [1, 1, 2, 2], type: INT8, scale: 2, zeroPoint: 3 },
  ];
  const graph = load(tensors, [
    { code: 3, inputs: [0, 1, 2], outputs: [3], options: [...windows(VALID, 1, 1), int8(3, 1)] },
  ]);

  test("keep integers between real operators, under the names of the file", () => {
    expect(graph.arithmetic).toBe("tflite");
    expect(graph.inputs).toEqual([{ name: "t0", type: "int8", shape: [1, 2, 2] }]);
    expect(graph.outputs).toEqual([{ name: "t3", type: "int8", shape: [1, 2, 2] }]);
    expect(
      graph.nodes.map(({ operator, inputs, outputs }) => `${operator} ${inputs[0]} ${outputs[0]}`),
    ).toEqual([
      "DequantizeLinear t2 t2/real",
      "DequantizeLinear t0 t0/real",
      "DequantizeLinear t1/axes 0 3 1 2 t3/unrounded/weights",
      "Transpose t0/real t3/unrounded/channelsFirst",
      "Conv t3/unrounded/channelsFirst t3/unrounded/beforeActivation",
      "Relu t3/unrounded/beforeActivation t3/unrounded/beforeTranspose",
      "QuantizeLinear t3/unrounded/beforeTranspose t3/turned",
      "Transpose t3/turned t3",
    ]);
    expect(graph.initializers.get("t2")).toEqual({
      shape: [2],
      data: Float64Array.of(8, -1),
      integers: "int32",
    });
    expect(graph.initializers.get("t2/scale")?.data).toEqual(Float32Array.of(0.125, 1));
  });

  test("are evaluated with their rounding imitated", () => {
    // Reals 1, 2 and −1, 0; sums (1 + 4) / 4 + 1 and (3 + 8) · 2 − 1; (−1 + 0) / 4 + 1 and −6 − 1.
    expect(run(graph, [1, 3, -3, -1])).toEqual([4, 13, 3, 3]);
  });

  test("are the same after having been written as ONNX", async () => {
    const again = await loadModel(writeOnnx(graph), "m.onnx");
    expect(again.arithmetic).toBe("onnx");
    expect(again.outputs).toEqual(graph.outputs);
    expect(run(again, [1, 3, -3, -1])).toEqual([4, 13, 3, 3]);
  });

  test("scales that fit neither the tensor nor the axis are refused", () => {
    const bad = tfliteModel([tensors[0], { ...tensors[1], axis: 1 }, tensors[2], tensors[3]], []);
    expect(() => readTflite(bad, "m")).toThrow(expect.objectContaining({ code: "model.malformed" }));
  });
});
