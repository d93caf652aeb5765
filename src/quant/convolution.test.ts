/** Convolutional graphs of every form: lowered, they mean what the graph means; compiled, they come close to it. */

import { describe, expect, it } from "vitest";
import { runGraph } from "../graph/run.ts";
import { runProgram } from "../program/interpreter.ts";
import type { Program } from "../program/program.ts";
import { floatTensor, intTensor } from "../tensor/tensor.ts";
import { compileGraph } from "./compileGraph.ts";
import { lowerGraph } from "./lower/lowerGraph.ts";
import { quantiseInput } from "./realValues.ts";
import { runReal } from "./reference/run.ts";
import { GraphSketch, ints } from "./testing/convGraphs.ts";
import { float, int, randomTensor } from "./testing/smallGraphs.ts";

const BATCH = 12;

function strings(value: string) {
  return { type: "string", value } as const;
}

/** Compiles the sketch; `tolerance` is the error allowed as a share of the output's largest value. */
function check(sketch: GraphSketch, outputs: readonly string[], tolerance = 0.03): Program {
  const graph = sketch.graph(outputs);
  expect(graph.problems).toEqual([]);
  const samples = graph.inputs.map(({ shape }, index) => randomTensor([BATCH, ...shape], 91 + index));
  const reference = runGraph(graph, samples);
  const real = lowerGraph(graph, "scores");
  const inputs = samples.map(({ data }) => data);
  const values = runReal(real, inputs, BATCH);
  const { program } = compileGraph(graph, { calibration: samples });
  const q = program.inputs.map((_, index) => quantiseInput(program, index, inputs[index]));
  const run = runProgram(program, q, BATCH);
  graph.outputs.forEach(({ name, shape }, index) => {
    const expected = Array.from(reference.get(name)!.data);
    const lowered = values.get(real.outputs[index].id)!.result;
    const tensor = program.tensors[program.outputs[index]];
    expect(tensor.shape).toEqual(shape);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expected.forEach((value, j) => {
      expect(Math.abs(lowered[j] - value)).toBeLessThanOrEqual(1e-4 * Math.max(1, largest));
      const integer = tensor.quant.scale * run.outputs[index][j];
      expect(Math.abs(integer - value)).toBeLessThanOrEqual(tolerance * largest);
    });
  });
  return program;
}

const kinds = (program: Program): string[] => program.operators.map(({ kind }) => kind);

describe("convolutional networks", () => {
  it("LeNet: convolutions, pools, a flattened dense head, with no data moved but the input", () => {
    const s = new GraphSketch();
    let v = s.conv(s.input([2, 12, 12]), [4, 2, 3, 3], 1, { pads: ints(1, 1, 1, 1) });
    v = s.node("MaxPool", [s.node("Relu", [v])], { kernel_shape: ints(2, 2), strides: ints(2, 2) });
    v = s.node("Relu", [s.conv(v, [6, 4, 3, 3], 3)]);
    v = s.node("AveragePool", [v], { kernel_shape: ints(2, 2), strides: ints(2, 2) });
    v = s.dense(s.node("Flatten", [v]), 5, 24, 5);
    const program = check(s, [v]);
    expect(kinds(program).filter((kind) => kind === "transpose")).toHaveLength(1);
    expect(kinds(program).filter((kind) => kind === "requantise")).toHaveLength(2);
  });

  it("strides, dilations, groups, one and three spatial axes", () => {
    const s = new GraphSketch();
    const attributes = { strides: ints(2, 1), dilations: ints(1, 2), group: int(2), pads: ints(0, 1, 2, 0) };
    check(s, [s.conv(s.input([4, 9, 8]), [6, 2, 3, 2], 1, attributes)]);
    const t = new GraphSketch();
    check(t, [t.conv(t.input([3, 11]), [4, 3, 4], 1, { strides: ints(3) })]);
    const u = new GraphSketch();
    check(u, [u.conv(u.input([2, 4, 5, 3]), [3, 2, 2, 2, 2], 1)]);
  });

  it("depthwise layers with batch normalisation of very different channels", () => {
    const s = new GraphSketch();
    let v = s.node("Relu", [s.batchNorm(s.conv(s.input([3, 8, 8]), [8, 3, 1, 1], 1), 8, 5)]);
    const spread = randomTensor([8, 1, 3, 3], 3);
    const scaled = floatTensor(
      [8, 1, 3, 3],
      spread.data.map((value, j) => value * 4 ** Math.floor(j / 9 - 4)),
    );
    v = s.node("Conv", [v, s.constant(scaled)], { group: int(8), pads: ints(1, 1, 1, 1) });
    const factors = Float32Array.from({ length: 8 }, (_, c) => 4 ** (4 - c));
    v = s.node("Mul", [v, s.constant(floatTensor([8, 1, 1], factors))]);
    const program = check(s, [s.conv(s.node("Relu", [v]), [4, 8, 1, 1], 9)]);
    expect(kinds(program)).toEqual([
      "transpose",
      "conv",
      "requantise",
      "conv",
      "requantise",
      "conv",
      "transpose",
    ]);
  });

  it("residual blocks: an accumulator and a stored tensor, two accumulators, two stored tensors", () => {
    const s = new GraphSketch();
    const stem = s.node("Relu", [s.conv(s.input([3, 6, 6]), [4, 3, 1, 1], 1)]);
    const pads = { pads: ints(1, 1, 1, 1) };
    const first = s.node("Relu", [s.node("Add", [s.conv(stem, [4, 4, 3, 3], 3, pads), stem])]);
    const both = s.node("Add", [s.conv(first, [4, 4, 1, 1], 5), s.conv(first, [4, 4, 3, 3], 7, pads)]);
    const second = s.node("Relu", [both]);
    const third = s.node("Sub", [second, first]);
    const program = check(s, [s.conv(third, [2, 4, 1, 1], 9)]);
    expect(kinds(program).filter((kind) => kind === "combine")).toHaveLength(3);
    expect(kinds(program).filter((kind) => kind === "requantise")).toHaveLength(4);
  });

  it("concatenations of tensors that agree on a scale", () => {
    const s = new GraphSketch();
    const x = s.input([3, 6, 6]);
    const a = s.node("Relu", [s.conv(x, [2, 3, 1, 1], 1)]);
    const b = s.conv(x, [3, 3, 3, 3], 3, { pads: ints(1, 1, 1, 1) });
    const pooled = s.node("MaxPool", [a], { kernel_shape: ints(3, 3), pads: ints(1, 1, 1, 1) });
    const joined = s.node("Concat", [a, b, pooled, x], { axis: int(1) });
    const program = check(s, [s.conv(joined, [3, 10, 1, 1], 5)]);
    const concat = program.operators.find(({ kind }) => kind === "concat");
    if (concat?.kind !== "concat") throw new TypeError("expected a concatenation");
    expect(new Set(concat.inputs.map((id) => program.tensors[id].quant.scale)).size).toBe(1);
  });

  it("transposed convolutions", () => {
    const s = new GraphSketch();
    const attributes = {
      strides: ints(2, 3),
      pads: ints(1, 0, 0, 1),
      output_padding: ints(1, 0),
      group: int(2),
    };
    const v = s.conv(s.input([4, 4, 3]), [4, 3, 3, 2], 1, attributes, "ConvTranspose");
    check(s, [s.node("Sigmoid", [v])]);
  });

  it("gates: squeeze and excite, swish, hard swish spelled out", () => {
    const s = new GraphSketch();
    const x = s.conv(s.input([3, 6, 6]), [4, 3, 1, 1], 1);
    const swish = s.node("Mul", [x, s.node("Sigmoid", [x])]);
    const mean = s.node("GlobalAveragePool", [swish]);
    const gate = s.node("HardSigmoid", [s.conv(mean, [4, 4, 1, 1], 3)]);
    const y = s.conv(s.node("Mul", [swish, gate]), [4, 4, 1, 1], 5);
    const shifted = s.node("Add", [y, s.constant(floatTensor([], [3]))]);
    const six = s.constant(floatTensor([1], [6]));
    const v = s.node("Div", [
      s.node("Mul", [y, s.node("Clip", [shifted, "", s.constant(floatTensor([], [6]))])]),
      six,
    ]);
    check(s, [s.conv(v, [2, 4, 1, 1], 7)], 0.05);
  });

  it("activations of every kind, before and after pools", () => {
    const activations: Record<string, Parameters<GraphSketch["node"]>[2]> = {
      LeakyRelu: { alpha: float(0.2) },
      Elu: {},
      HardSwish: {},
      Softplus: {},
      Tanh: {},
      Relu: {},
    };
    for (const [operator, attributes] of Object.entries(activations)) {
      const s = new GraphSketch();
      const pooled = s.node("MaxPool", [s.conv(s.input([2, 6, 6]), [3, 2, 3, 3], 1)], {
        kernel_shape: ints(2, 2),
        strides: ints(2, 2),
      });
      check(s, [s.dense(s.node("Flatten", [s.node(operator, [pooled], attributes)]), 3, 12, 5)]);
    }
    const s = new GraphSketch();
    const slope = s.constant(floatTensor([3, 1, 1], [0.1, 0.5, -0.3]));
    check(s, [s.node("PRelu", [s.conv(s.input([2, 5, 5]), [3, 2, 2, 2], 1), slope])]);
  });

  it("means and maxima over windows and axes, with padding that counts and that does not", () => {
    const shared = { kernel_shape: ints(3, 3), strides: ints(2, 2), pads: ints(1, 1, 1, 1) };
    for (const count of [0, 1]) {
      const s = new GraphSketch();
      const v = s.node("Relu", [s.conv(s.input([2, 7, 7]), [3, 2, 1, 1], 1)]);
      check(s, [s.node("AveragePool", [v], { ...shared, count_include_pad: int(count) })]);
    }
    const s = new GraphSketch();
    const v = s.conv(s.input([2, 5, 4]), [3, 2, 1, 1], 1);
    const mean = s.node("ReduceMean", [v], { axes: ints(2, 3), keepdims: int(0) });
    const most = s.node("Flatten", [s.node("GlobalMaxPool", [v])]);
    check(s, [s.node("Add", [mean, most]), s.node("ReduceMax", [v], { axes: ints(1), keepdims: int(1) })]);
  });

  it("wiring: pads, slices, splits, nearest neighbours, blocks of channels, several inputs and outputs", () => {
    const s = new GraphSketch();
    const x = s.input([4, 4, 6]);
    const y = s.input([4, 4, 6]);
    const pads = s.constant(intTensor([8], [0, 0, 1, 0, 0, 1, 0, 2]));
    const padded = s.node("Pad", [s.node("Add", [x, y]), pads]);
    const starts = s.constant(intTensor([1], [1]));
    const ends = s.constant(intTensor([1], [6]));
    const axes = s.constant(intTensor([1], [3]));
    const sliced = s.node("Slice", [padded, starts, ends, axes]);
    const scales = s.constant(floatTensor([4], [1, 1, 2, 2]));
    const resized = s.node("Resize", [x, "", scales], {
      mode: strings("nearest"),
      coordinate_transformation_mode: strings("asymmetric"),
      nearest_mode: strings("floor"),
    });
    const blocks = s.node("DepthToSpace", [x], { blocksize: int(2) });
    check(s, [s.conv(sliced, [2, 5, 2, 2], 1), resized, s.conv(blocks, [2, 1, 2, 2], 3)]);
  });
});
