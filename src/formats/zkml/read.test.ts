import { existsSync } from "node:fs";
import { encode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { runGraph } from "../../graph/run.ts";
import { reals } from "../../graph/testing/draft.ts";
import { loadModel } from "../load.ts";
import { compareWithGolden, SHARED_DATA } from "../testing/goldens.ts";

interface LayerSketch {
  readonly kind: string;
  readonly params?: readonly number[];
  /** Index and shape of each input and of the output. */
  readonly inputs: readonly (readonly [number, readonly number[]])[];
  readonly output: readonly [number, readonly number[]];
}

/** Input 0 and the last layer's output; weights in units of 1/8. */
function modelOf(
  layers: readonly LayerSketch[],
  tensors: Readonly<Record<number, unknown>> = {},
): Uint8Array {
  return encode({
    global_sf: 8,
    k: 10,
    num_cols: 4,
    inp_idxes: [0],
    out_idxes: [layers[layers.length - 1].output[0]],
    tensors: Object.entries(tensors).map(([idx, tensor]) => ({ idx: Number(idx), ...(tensor as object) })),
    layers: layers.map(({ kind, params = [], inputs, output }) => ({
      layer_type: kind,
      params,
      inp_idxes: inputs.map(([index]) => index),
      inp_shapes: inputs.map(([, shape]) => shape),
      out_idxes: [output[0]],
      out_shapes: [output[1]],
      mask: [],
    })),
  });
}

async function run(bytes: Uint8Array, ...data: number[]): Promise<number[]> {
  const graph = await loadModel(bytes, "m.msgpack");
  checkGraph(graph);
  const { shape } = graph.inputs[0];
  return Array.from(runGraph(graph, [reals([1, ...shape], ...data)]).get(graph.outputs[0].name)?.data ?? []);
}

describe("layers", () => {
  test("FullyConnected, with weights divided by the scale factor, and Add with an activation", async () => {
    const layers: LayerSketch[] = [
      {
        kind: "FullyConnected",
        params: [0],
        inputs: [
          [0, [1, 2]],
          [1, [1, 2]],
        ],
        output: [2, [1, 1]],
      },
      {
        kind: "Add",
        params: [3],
        inputs: [
          [2, [1, 1]],
          [3, [1]],
        ],
        output: [4, [1, 1]],
      },
    ];
    const tensors = { 1: { shape: [1, 2], data: [8, -4] }, 3: { shape: [1], data: [16] } };
    expect(await run(modelOf(layers, tensors), 1, 2)).toEqual([2]);
    expect(await run(modelOf(layers, tensors), 9, 0)).toEqual([6]);
  });

  test("Conv2D, pools, Mean", async () => {
    const image = [1, 2, 2, 1];
    const kernel = { 1: { shape: [1, 2, 2, 1], data: [8, 8, 8, 8] }, 2: { shape: [1], data: [80] } };
    const inputs = [
      [0, image],
      [1, [1, 2, 2, 1]],
      [2, [1]],
    ] as const;
    const conv: LayerSketch = { kind: "Conv2D", params: [0, 1, 0, 1, 1], inputs, output: [3, [1, 1, 1, 1]] };
    expect(await run(modelOf([conv], kernel), 1, 2, 3, 4)).toEqual([20]);
    const depthwise = { ...conv, params: [1, 0, 1, 1, 1] };
    expect(await run(modelOf([depthwise], kernel), 1, 2, 3, -40)).toEqual([0, 0, 0, 0]);
    const pooled = (kind: string, params: number[]): LayerSketch => ({
      kind,
      params,
      inputs: [[0, image]],
      output: [3, [1, 1]],
    });
    expect(await run(modelOf([pooled("MaxPool2D", [2, 2, 1, 1])]), 1, 2, 3, 4)).toEqual([4]);
    expect(await run(modelOf([pooled("AveragePool2D", [2, 2, 1, 1])]), 1, 2, 3, 4)).toEqual([2.5]);
    expect(await run(modelOf([pooled("Mean", [1, 2])]), 1, 2, 3, 4)).toEqual([2.5]);
    expect(await run(modelOf([pooled("Noop", [0])]), 1, 2, 3, 4)).toEqual([1, 2, 3, 4]);
    expect(await run(modelOf([pooled("Transpose", [1, 2, 2, 1, 0, 2, 1, 3])]), 1, 2, 3, 4)).toEqual([
      1, 3, 2, 4,
    ]);
  });
});

describe("what is refused", () => {
  const RELU = { inputs: [[0, [1, 2]]], output: [1, [1, 2]] } as const;

  test("layers without a counterpart, all together", async () => {
    const layers = [
      { kind: "Rsqrt", ...RELU },
      { kind: "Pow", inputs: [[1, [1, 2]]], output: [2, [1, 2]] } as const,
    ];
    const graph: Graph = await loadModel(modelOf(layers), "m.msgpack");
    expect(graph.problems.map(({ operator }) => operator)).toEqual(["zkml.Rsqrt", "zkml.Pow"]);
  });

  test("lengths that the file does not hold, wherever it is cut", async () => {
    const bytes = modelOf([{ kind: "Tanh", ...RELU }]);
    for (let length = 12; length < bytes.length; length++) {
      await expect(loadModel(bytes.subarray(0, length), "m.msgpack")).rejects.toMatchObject({
        code: "model.truncated",
      });
    }
    const nested = Uint8Array.from([0x81, 0xa6, ...Buffer.from("layers"), 0xdd, 0x7f, 0xff, 0xff, 0xff]);
    await expect(loadModel(nested, "m.msgpack")).rejects.toMatchObject({ code: "model.truncated" });
  });

  test("fields of another kind", async () => {
    const layers = encode({ global_sf: 8, inp_idxes: [0], out_idxes: [1], tensors: [], layers: [3] });
    await expect(loadModel(layers, "m.msgpack")).rejects.toMatchObject({ code: "model.malformed" });
    const tensor = modelOf([{ kind: "Tanh", ...RELU }], { 5: { shape: [2], data: [1] } });
    await expect(loadModel(tensor, "m.msgpack")).rejects.toThrow(/should hold 2 elements/);
  });
});

describe.skipIf(!existsSync(SHARED_DATA))(`zkml's MNIST model (skipped without ${SHARED_DATA})`, () => {
  test("has the scores of the .tflite file that it was made from", async () => {
    const { graph, result, expected } = await compareWithGolden("zkml/mnist_model.msgpack", "mnist_model");
    expect(graph.outputs[0].shape).toEqual([1, 1, 10]);
    const samples = result.length / 10;
    // The file ends before the Softmax.
    for (let sample = 0; sample < samples; sample++) {
      const row = (of: ArrayLike<number>): number[] => Array.from(of).slice(10 * sample, 10 * sample + 10);
      const scores = row(result);
      const sum = scores.reduce((total, x) => total + Math.exp(x), 0);
      const wanted = row(expected);
      expect(scores.indexOf(Math.max(...scores))).toBe(wanted.indexOf(Math.max(...wanted)));
      scores.forEach((x, i) => {
        expect(Math.abs(Math.exp(x) / sum - wanted[i])).toBeLessThan(0.05);
      });
    }
  });
});
