/** Worked examples on small images, which are written row by row with their channels last. */

import { describe, expect, test } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { runGraph } from "../../graph/run.ts";
import { reals } from "../../graph/testing/draft.ts";
import { type KerasLayerSketch, kerasModel } from "../testing/models.ts";
import { readKeras } from "./read.ts";

interface Result {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** One sample through layers after an input of this shape. */
async function run(
  shape: readonly number[],
  data: readonly number[],
  ...layers: readonly KerasLayerSketch[]
): Promise<Result> {
  const input = { kind: "InputLayer", config: { name: "in", batch_input_shape: [null, ...shape] } };
  const graph = resolveGraph(await readKeras(await kerasModel("Sequential", [input, ...layers]), "m.h5"));
  checkGraph(graph);
  const [output] = graph.outputs;
  const result = runGraph(graph, [reals([1, ...shape], ...data)]).get(output.name);
  return { shape: output.shape, data: Array.from(result?.data ?? []) };
}

function layer(
  kind: string,
  config: Readonly<Record<string, unknown>> = {},
  weights?: KerasLayerSketch["weights"],
): KerasLayerSketch {
  return { kind, config: { name: "layer", ...config }, ...(weights && { weights }) };
}

const ones = (...shape: number[]): { shape: number[]; data: number[] } => ({
  shape,
  data: new Array(shape.reduce((a, b) => a * b, 1)).fill(1),
});

describe("convolutions", () => {
  test("Conv2D multiplies over inputs and adds the bias before its activation", async () => {
    const weights = {
      kernel: { shape: [1, 1, 2, 2], data: [1, 10, 2, -20] },
      bias: { shape: [2], data: [5, 0] },
    };
    const conv = layer("Conv2D", { padding: "valid", activation: "relu" }, weights);
    expect(await run([1, 2, 2], [1, 1, 3, 1], conv)).toEqual({ shape: [1, 2, 2], data: [8, 0, 10, 10] });
  });

  test("Conv2D with padding puts its odd element at the end", async () => {
    const conv = layer("Conv2D", { padding: "same", use_bias: false }, { kernel: ones(2, 2, 1, 1) });
    expect((await run([2, 2, 1], [1, 2, 3, 4], conv)).data).toEqual([10, 6, 7, 4]);
  });

  test("Conv1D may be causal", async () => {
    const weights = { kernel: { shape: [2, 1, 1], data: [10, 1] } };
    const conv = layer("Conv1D", { padding: "causal", use_bias: false }, weights);
    expect(await run([3, 1], [1, 2, 3], conv)).toEqual({ shape: [3, 1], data: [1, 12, 23] });
  });

  test("DepthwiseConv2D gives each channel its kernels", async () => {
    const weights = { depthwise_kernel: { shape: [1, 1, 2, 2], data: [1, 2, 3, 4] } };
    const conv = layer("DepthwiseConv2D", { padding: "valid", use_bias: false }, weights);
    expect((await run([1, 1, 2], [10, 100], conv)).data).toEqual([10, 20, 300, 400]);
  });

  test("SeparableConv2D mixes the channels afterwards", async () => {
    const weights = {
      depthwise_kernel: { shape: [1, 1, 2, 1], data: [2, 3] },
      pointwise_kernel: { shape: [1, 1, 2, 1], data: [1, 10] },
      bias: { shape: [1], data: [1000] },
    };
    expect(
      (await run([1, 1, 2], [1, 1], layer("SeparableConv2D", { padding: "valid" }, weights))).data,
    ).toEqual([1032]);
  });

  test("Conv2DTranspose spreads its inputs", async () => {
    const kernel = { kernel: ones(1, 3, 1, 1) };
    const config = { use_bias: false, strides: [1, 2] };
    const valid = layer("Conv2DTranspose", { ...config, padding: "valid" }, kernel);
    expect(await run([1, 2, 1], [1, 10], valid)).toEqual({ shape: [1, 5, 1], data: [1, 1, 11, 10, 10] });
    const same = layer("Conv2DTranspose", { ...config, padding: "same" }, kernel);
    expect(await run([1, 2, 1], [1, 10], same)).toEqual({ shape: [1, 4, 1], data: [1, 1, 11, 10] });
    const short = layer("Conv2DTranspose", { ...config, padding: "valid" }, { kernel: ones(1, 1, 1, 1) });
    expect((await run([1, 2, 1], [1, 10], short)).data).toEqual([1, 0, 10, 0]);
  });

  test("BatchNormalization of the last axis", async () => {
    const weights = {
      gamma: { shape: [2], data: [2, 1] },
      beta: { shape: [2], data: [0, 5] },
      moving_mean: { shape: [2], data: [1, 0] },
      moving_variance: { shape: [2], data: [4, 1] },
    };
    const normal = layer("BatchNormalization", { axis: [3], epsilon: 0 }, weights);
    expect((await run([1, 1, 2], [3, 3], normal)).data).toEqual([2, 8]);
  });
});

describe("pools and edges", () => {
  test("pools count no padding", async () => {
    const config = { pool_size: [2, 2], strides: [2, 2], padding: "same" };
    const image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect((await run([3, 3, 1], image, layer("AveragePooling2D", config))).data).toEqual([3, 4.5, 7.5, 9]);
    expect((await run([3, 3, 1], image, layer("MaxPooling2D", config))).data).toEqual([5, 6, 8, 9]);
    expect(await run([2, 1, 2], [1, 2, 3, 6], layer("GlobalAveragePooling2D"))).toEqual({
      shape: [2],
      data: [2, 4],
    });
    const kept = layer("GlobalMaxPooling2D", { keepdims: true });
    expect(await run([2, 1, 2], [1, 2, 3, 6], kept)).toEqual({ shape: [1, 1, 2], data: [3, 6] });
  });

  test("padding and cropping", async () => {
    const padding = layer("ZeroPadding2D", {
      padding: [
        [1, 0],
        [0, 2],
      ],
    });
    expect(await run([1, 1, 2], [7, 8], padding)).toEqual({
      shape: [2, 3, 2],
      data: [0, 0, 0, 0, 0, 0, 7, 8, 0, 0, 0, 0],
    });
    const cropping = layer("Cropping2D", {
      cropping: [
        [1, 0],
        [0, 1],
      ],
    });
    expect((await run([2, 2, 1], [1, 2, 3, 4], cropping)).data).toEqual([3]);
  });

  test("UpSampling2D repeats or interpolates", async () => {
    const repeated = layer("UpSampling2D", { size: [1, 2] });
    expect((await run([1, 2, 1], [1, 5], repeated)).data).toEqual([1, 1, 5, 5]);
    const smooth = layer("UpSampling2D", { size: [1, 2], interpolation: "bilinear" });
    expect((await run([1, 2, 1], [1, 5], smooth)).data).toEqual([1, 2, 4, 5]);
  });

  test("PReLU shares slopes and Permute turns axes", async () => {
    const prelu = layer("PReLU", {}, { alpha: { shape: [1, 1, 2], data: [0.5, 2] } });
    expect((await run([1, 2, 2], [-2, -2, 4, 4], prelu)).data).toEqual([-1, -4, 4, 4]);
    expect(await run([1, 2, 2], [1, 2, 3, 4], layer("Permute", { dims: [3, 2, 1] }))).toEqual({
      shape: [2, 2, 1],
      data: [1, 3, 2, 4],
    });
  });
});

describe("wiring", () => {
  const INPUT = {
    kind: "InputLayer",
    config: { name: "in", batch_input_shape: [null, 1, 1, 2] },
    inbound: [],
  };
  const reading = (...names: string[]): unknown => [names.map((name) => [name, 0, 0, {}])];

  async function wired(layers: readonly KerasLayerSketch[]): Promise<number[]> {
    const outputs = { output_layers: [[layers[layers.length - 1].config.name, 0, 0]] };
    const bytes = await kerasModel("Functional", [INPUT, ...layers], outputs);
    const graph = resolveGraph(await readKeras(bytes, "m.h5"));
    checkGraph(graph);
    const result = runGraph(graph, [reals([1, 1, 1, 2], 1, -2)]).get(graph.outputs[0].name);
    return Array.from(result?.data ?? []);
  }

  test("Add, Subtract, Multiply and Concatenate join branches", async () => {
    const relu = { kind: "ReLU", config: { name: "r" }, inbound: reading("in") };
    const join = (kind: string, ...names: string[]): KerasLayerSketch[] => [
      relu,
      { kind, config: { name: "join" }, inbound: reading(...names) },
    ];
    expect(await wired(join("Add", "in", "r", "in"))).toEqual([3, -4]);
    expect(await wired(join("Subtract", "in", "r"))).toEqual([0, -2]);
    expect(await wired(join("Multiply", "in", "in"))).toEqual([1, 4]);
    expect(await wired(join("Concatenate", "in", "r"))).toEqual([1, -2, 1, 0]);
  });

  test("a layer in two places is refused", async () => {
    const shared = { kind: "ReLU", config: { name: "r" }, inbound: [[["in", 0, 0, {}]], [["in", 0, 0, {}]]] };
    await expect(wired([shared])).rejects.toThrow(/shared between several places/);
  });
});
