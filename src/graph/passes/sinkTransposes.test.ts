import { describe, expect, test } from "vitest";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkGraph } from "../check.ts";
import type { Graph } from "../graph.ts";
import { runGraph } from "../run.ts";
import { graphOf, int, integers, ints, type NodeSketch, reals } from "../testing/draft.ts";

const FIRST = ints(0, 3, 1, 2);
const LAST = ints(0, 2, 3, 1);

/** Nodes on an input of 2×3 pixels with two channels, channels last. */
function graph(nodes: readonly NodeSketch[], constants: Readonly<Record<string, Tensor>> = {}): Graph {
  const result = graphOf({ inputs: { x: ["N", 2, 3, 2] }, constants, nodes });
  checkGraph(result);
  return result;
}

function run(of: Graph): number[] {
  const input = reals([1, 2, 3, 2], ...Array.from({ length: 12 }, (_, i) => i - 5));
  return Array.from(runGraph(of, [input]).get("y")?.data ?? []);
}

const turn = (from: string, to: string, perm = FIRST): NodeSketch => ({
  operator: "Transpose",
  inputs: [from],
  outputs: [to],
  attributes: { perm },
});

function operators(of: Graph): string[] {
  return of.nodes.map(({ operator }) => operator);
}

/** Wants its channels first, and does nothing with them. */
const pool = (from: string, to: string): NodeSketch => ({
  operator: "MaxPool",
  inputs: [from],
  outputs: [to],
  attributes: { kernel_shape: ints(1, 1) },
});

/** The nodes behind a pool, between Transposes, against the nodes alone. */
function expectSunk(
  inside: readonly NodeSketch[],
  expected: readonly string[],
  constants: Readonly<Record<string, Tensor>> = {},
): void {
  const back = { operator: "Identity", inputs: ["z"] };
  const plain = graph([...inside.map((node) => renamed(node, "a", "x")), back], constants);
  const cancelled = graph([turn("x", "f"), turn("f", "a", LAST), ...inside, back], constants);
  const pooled = graph([turn("x", "f"), pool("f", "p"), turn("p", "a", LAST), ...inside, back], constants);
  expect(run(cancelled)).toEqual(run(plain));
  expect(operators(cancelled)).toEqual([...inside.map(({ operator }) => operator), "Identity"]);
  expect(run(pooled)).toEqual(run(plain));
  expect(pooled.outputs).toEqual(plain.outputs);
  expect(operators(pooled)).toEqual(["Transpose", "MaxPool", ...expected]);
}

function renamed(node: NodeSketch, from: string, to: string): NodeSketch {
  return { ...node, inputs: node.inputs.map((name) => (name === from ? to : name)) };
}

const z = (operator: string, inputs: readonly string[], rest: Partial<NodeSketch> = {}): NodeSketch => ({
  operator,
  inputs,
  outputs: ["z"],
  ...rest,
});

describe("a Transpose passes through", () => {
  test("functions of one element and quantisation", () => {
    expectSunk([z("LeakyRelu", ["a"])], ["LeakyRelu", "Identity", "Transpose"]);
    const scale = { s: reals([], 2), zero: { ...integers(0), shape: [] } };
    expectSunk(
      [
        { operator: "QuantizeLinear", inputs: ["a", "s", "zero"], outputs: ["q"] },
        z("DequantizeLinear", ["q", "s"]),
      ],
      ["QuantizeLinear", "DequantizeLinear", "Identity", "Transpose"],
      scale,
    );
  });

  test("operators on two tensors, constants turned", () => {
    const constants = { c: reals([2], 10, 20), rows: reals([2, 1, 1], 1, 2), one: reals([1, 1], 3) };
    for (const name of Object.keys(constants))
      expectSunk([z("Mul", ["a", name])], ["Mul", "Identity", "Transpose"], {
        [name]: constants[name as "c"],
      });
    expectSunk([z("Add", ["a", "a"])], ["Add", "Identity", "Transpose"]);
  });

  test("operators with axes", () => {
    const axis = (value: number): Partial<NodeSketch> => ({ attributes: { axis: int(value) } });
    expectSunk([z("Concat", ["a", "a"], axis(2))], ["Concat", "Identity", "Transpose"]);
    expectSunk([z("Softmax", ["a"], axis(-1))], ["Softmax", "Identity", "Transpose"]);
    const keep = { attributes: { axes: ints(1, -2), keepdims: int(1) } };
    expectSunk([z("ReduceMean", ["a"], keep)], ["ReduceMean", "Identity", "Transpose"]);
    expectSunk([z("ReduceSum", ["a", "axes"])], ["ReduceSum", "Identity", "Transpose"], {
      axes: integers(3),
    });
    const pads = { pads: integers(0, 1, 0, 0, 0, 0, 2, 0) };
    expectSunk([z("Pad", ["a", "pads"])], ["Pad", "Identity", "Transpose"], pads);
    const bounds = { from: integers(1), to: integers(2), along: integers(2) };
    expectSunk([z("Slice", ["a", "from", "to", "along"])], ["Slice", "Identity", "Transpose"], bounds);
    const split = { operator: "Split", inputs: ["a"], outputs: ["l", "q"], attributes: { axis: int(3) } };
    expectSunk([split, z("Sub", ["l", "q"])], ["Split", "Sub", "Identity", "Transpose"]);
  });

  test("reductions that leave nothing to turn", () => {
    const attributes = { axes: ints(1, 2), keepdims: int(0) };
    expectSunk([z("ReduceMax", ["a"], { attributes })], ["ReduceMax", "Identity"]);
  });
});

test("names that the model uses itself are not taken", () => {
  const relu = { operator: "Relu", inputs: ["f"], outputs: ["y"] };
  const model = (name: string): Graph =>
    graphOf({
      inputs: { x: ["N", 2, 3, 2] },
      nodes: [
        turn("x", "f", LAST),
        { operator: "Sigmoid", inputs: ["x"], outputs: [name] },
        relu,
        { operator: "Tanh", inputs: [name], outputs: ["t"] },
      ],
      outputs: ["y", "t"],
    });
  const [plain, hostile] = [model("s"), model("y/turned")];
  checkGraph(hostile);
  expect(run(hostile)).toEqual(run(plain));
});

describe("a Transpose stays", () => {
  test("in front of a Reshape that would read another order", () => {
    const constants = { shape: integers(0, -1) };
    expectSunk([z("Reshape", ["a", "shape"])], ["Transpose", "Reshape", "Identity"], constants);
  });

  test("but not where only axes of length 1 move", () => {
    const pooled = graph(
      [
        turn("x", "f"),
        { operator: "GlobalAveragePool", inputs: ["f"], outputs: ["p"] },
        turn("p", "l", LAST),
        { operator: "Flatten", inputs: ["l"], outputs: ["y"] },
      ],
      {},
    );
    expect(operators(pooled)).toEqual(["Transpose", "GlobalAveragePool", "Flatten"]);
    expect(run(pooled)).toEqual([0, 1]);
  });

  test("where the graph gives its result", () => {
    const result = graph([
      turn("x", "f"),
      { operator: "Relu", inputs: ["f"], outputs: ["r"] },
      turn("r", "y", LAST),
    ]);
    expect(result.outputs[0].shape).toEqual([2, 3, 2]);
    expect(run(result)).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6]);
    const nothing = graph([turn("x", "f"), turn("f", "y", LAST)]);
    expect(operators(nothing)).toEqual(["Identity"]);
  });

  test("on the smaller of two tensors, where only one is turned", () => {
    const scaled = graph([
      turn("x", "f"),
      pool("f", "r"),
      turn("r", "l", LAST),
      { operator: "ReduceMax", inputs: ["x"], outputs: ["m"], attributes: { axes: ints(1, 2) } },
      { operator: "Mul", inputs: ["l", "m"], outputs: ["y"] },
    ]);
    expect(operators(scaled)).toEqual(["Transpose", "MaxPool", "ReduceMax", "Transpose", "Mul", "Transpose"]);
    expect(run(scaled)).toEqual([-25, -24, -15, -12, -5, 0, 5, 12, 15, 24, 25, 36]);
  });
});
