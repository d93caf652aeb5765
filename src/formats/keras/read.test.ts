import { describe, expect, test } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { runGraph } from "../../graph/run.ts";
import { reals } from "../../graph/testing/draft.ts";
import { type KerasLayerSketch, kerasModel } from "../testing/models.ts";
import { readKeras } from "./read.ts";

const INPUT: KerasLayerSketch = {
  kind: "InputLayer",
  config: { name: "in", batch_input_shape: [null, 2, 2] },
};

async function sequential(...layers: readonly KerasLayerSketch[]): Promise<Graph> {
  return resolveGraph(await readKeras(await kerasModel("Sequential", [INPUT, ...layers]), "m.h5"));
}

function run(graph: Graph, ...data: readonly number[]): number[] {
  checkGraph(graph);
  const samples = data.length / graph.inputs[0].shape.reduce((count, length) => count * length, 1);
  const result = runGraph(graph, [reals([samples, ...graph.inputs[0].shape], ...data)]);
  return Array.from(result.get(graph.outputs[0].name)?.data ?? []);
}

describe("layers", () => {
  test.each([
    ["Activation", { activation: "relu" }, [0, 2, 0, 8]],
    ["Activation", { activation: "linear" }, [-1, 2, -3, 8]],
    ["Activation", { activation: "relu6" }, [0, 2, 0, 6]],
    ["Activation", { activation: "tanh" }, [-1, 2, -3, 8].map((x) => Math.fround(Math.tanh(x)))],
    ["ReLU", { max_value: null, negative_slope: 0, threshold: 0 }, [0, 2, 0, 8]],
    ["ReLU", { max_value: 3 }, [0, 2, 0, 3]],
    ["ReLU", { negative_slope: 0.5 }, [-0.5, 2, -1.5, 8]],
    ["LeakyReLU", { alpha: 0.25 }, [-0.25, 2, -0.75, 8]],
    ["Dropout", { rate: 0.9 }, [-1, 2, -3, 8]],
    ["Flatten", { data_format: "channels_last" }, [-1, 2, -3, 8]],
    ["Reshape", { target_shape: [-1] }, [-1, 2, -3, 8]],
  ])("%s %j", async (kind, config, expected) => {
    expect(run(await sequential({ kind, config: { name: "layer", ...config } }), -1, 2, -3, 8)).toEqual(
      expected,
    );
  });

  test("Flatten and Reshape give shapes per sample", async () => {
    expect((await sequential({ kind: "Flatten", config: { name: "f" } })).outputs[0].shape).toEqual([4]);
    expect(
      (await sequential({ kind: "Reshape", config: { name: "r", target_shape: [4, 1] } })).outputs[0].shape,
    ).toEqual([4, 1]);
  });

  test("Softmax along its axis", async () => {
    expect(run(await sequential({ kind: "Softmax", config: { name: "s", axis: 1 } }), 0, 1, 0, 1)).toEqual([
      0.5, 0.5, 0.5, 0.5,
    ]);
  });

  test("Dense on the last of several axes, without a bias", async () => {
    const weights = { kernel: { shape: [2, 1], data: [10, 1] } };
    const graph = await sequential({ kind: "Dense", config: { name: "d", use_bias: false }, weights });
    expect(graph.nodes.map(({ operator }) => operator)).toEqual(["MatMul"]);
    expect(run(graph, 1, 2, 3, 4)).toEqual([12, 34]);
  });
});

describe("wiring", () => {
  const relu = (name: string, inbound: unknown): KerasLayerSketch => ({
    kind: "ReLU",
    config: { name },
    inbound,
  });
  const negated = (name: string, inbound: unknown): KerasLayerSketch => ({
    kind: "Dense",
    config: { name, use_bias: false },
    inbound,
    weights: { kernel: { shape: [2, 2], data: [-1, 0, 0, -1] } },
  });

  test.each([
    ["Keras 2", (name: string) => [[[name, 0, 0, {}]]], [["b", 0, 0]]],
    [
      "Keras 3",
      (name: string) => [
        {
          args: [{ class_name: "__keras_tensor__", config: { shape: [], keras_history: [name, 0, 0] } }],
          kwargs: {},
        },
      ],
      ["b", 0, 0],
    ],
  ])("Functional models of %s, layers in any order", async (_, from, outputs) => {
    const layers = [relu("b", from("a")), { ...INPUT, inbound: [] }, negated("a", from("in"))];
    const bytes = await kerasModel("Functional", layers, {
      input_layers: [["in", 0, 0]],
      output_layers: outputs,
    });
    expect(run(resolveGraph(await readKeras(bytes, "m.h5")), 1, -2, 3, -4)).toEqual([0, 2, 0, 4]);
  });

  test("a Sequential model without an input layer has its input's shape in the first layer", async () => {
    const layer: KerasLayerSketch = { kind: "ReLU", config: { name: "r", batch_input_shape: [null, 2] } };
    const graph = resolveGraph(await readKeras(await kerasModel("Sequential", [layer]), "m.h5"));
    expect(run(graph, 1, -1)).toEqual([1, 0]);
  });
});

describe("what is refused", () => {
  test("layers without a counterpart, all together", async () => {
    const graph = await sequential(
      { kind: "Conv3D", config: { name: "c" } },
      { kind: "Activation", config: { name: "g", activation: "gelu" } },
      { kind: "ReLU", config: { name: "r", threshold: 1 } },
      { kind: "Flatten", config: { name: "f", data_format: "channels_first" } },
    );
    expect(graph.problems.map(({ where, operator, reason }) => `${where} ${operator}: ${reason}`)).toEqual([
      "c keras.Conv3D: the layer is not supported",
      'g keras.Activation: activation "gelu" is not supported',
      "r keras.ReLU: it has a threshold",
      "f keras.Flatten: it reorders the axes (channels first)",
    ]);
  });

  test("layers of several inputs", async () => {
    const layers = [
      { ...INPUT, inbound: [] },
      {
        kind: "ReLU",
        config: { name: "r" },
        inbound: [
          [
            ["in", 0, 0, {}],
            ["in", 0, 0, {}],
          ],
        ],
      },
    ];
    const bytes = await kerasModel("Functional", layers, { output_layers: [["r", 0, 0]] });
    expect(resolveGraph(await readKeras(bytes, "m.h5")).problems[0].reason).toContain("2 inputs");
  });

  test("a layer whose weights are not in the file", async () => {
    const loading = sequential({ kind: "Dense", config: { name: "d" } });
    await expect(loading).rejects.toMatchObject({ code: "model.missingTensor" });
  });

  test("other model classes and files without a model", async () => {
    await expect(readKeras(await kerasModel("Custom", [INPUT]), "m.h5")).rejects.toMatchObject({
      code: "model.unsupportedOperator",
    });
    const h5wasm = await import("h5wasm");
    const { FS } = await h5wasm.ready;
    new h5wasm.File("/empty.h5", "w").close();
    const loading = readKeras(FS.readFile("/empty.h5"), "m.h5");
    await expect(loading).rejects.toMatchObject({ code: "model.notAModel" });
  });
});
