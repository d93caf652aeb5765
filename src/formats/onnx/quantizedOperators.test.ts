import { describe, expect, test } from "vitest";
import type { GraphDraft } from "../../graph/draft.ts";
import type { Node } from "../../graph/node.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { runGraph } from "../../graph/run.ts";
import { draftOf, float, int, type NodeSketch, reals } from "../../graph/testing/draft.ts";
import { floatTensor, type IntegerType, intTensor, type Tensor } from "../../tensor/tensor.ts";
import { arithmeticOf, withRealOperators } from "./quantizedOperators.ts";

const integer = (type: IntegerType, ...data: number[]): Tensor =>
  data.length === 1 ? intTensor([], data, type) : intTensor([data.length], data, type);

/** One node on uint8 numbers of this shape. */
function apply(
  node: NodeSketch & { readonly domain?: string },
  shape: readonly number[],
  data: readonly number[],
  constants: Readonly<Record<string, Tensor>>,
): { nodes: string[]; arithmetic: string; type: string | undefined; data: number[] } {
  const draft = draftOf({ inputs: { x: ["N", ...shape] }, constants, nodes: [node] });
  const given: Node[] = draft.nodes.map((each) => ({ ...each, domain: node.domain ?? "" }));
  const nodes = withRealOperators(given, 13);
  const inputs = draft.inputs.map((input) => ({ ...input, type: "uint8" as const }));
  const rewritten: GraphDraft = { ...draft, inputs, nodes, arithmetic: arithmeticOf(nodes) };
  const graph = resolveGraph(rewritten);
  expect(graph.problems).toEqual([]);
  const result = runGraph(graph, [intTensor([1, ...shape], data, "uint8")]).get("y");
  return {
    nodes: graph.nodes.map(({ operator }) => operator),
    arithmetic: graph.arithmetic,
    type: graph.outputs[0].type,
    data: Array.from(result?.data ?? []),
  };
}

const X = { xs: reals([], 0.5), xz: integer("uint8", 2) };
const Y = { ys: reals([], 2), yz: integer("int8", -1) };

describe("operators on integers", () => {
  test("QLinearConv with a scale for each output and a bias", () => {
    const constants = {
      ...X,
      w: intTensor([2, 1, 1], [1, 3], "int8"),
      ws: floatTensor([2], [4, 8]),
      wz: integer("int8", 0, 1),
      ...Y,
      b: integer("int32", 10, -1),
    };
    const inputs = ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"];
    // Reals 1 and 2; weights 4 and 16; biases 10 · 2 and −1 · 4.
    const result = apply({ operator: "QLinearConv", inputs }, [1, 2], [4, 6], constants);
    expect(result.nodes).toEqual([
      "DequantizeLinear",
      "DequantizeLinear",
      "DequantizeLinear",
      "Conv",
      "QuantizeLinear",
    ]);
    expect(result).toMatchObject({ arithmetic: "onnx", type: "int8", data: [11, 13, 5, 13] });
  });

  test("QLinearMatMul", () => {
    const constants = {
      ...X,
      w: intTensor([2, 1], [1, 3], "int8"),
      ws: reals([], 4),
      wz: integer("int8", 0),
      ...Y,
    };
    const inputs = ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz"];
    expect(apply({ operator: "QLinearMatMul", inputs }, [2], [4, 6], constants).data).toEqual([13]);
  });

  test("those of ONNX Runtime", () => {
    const domain = "com.microsoft";
    const c = { c: intTensor([], [3], "uint8"), cs: reals([], 2), cz: integer("uint8", 1) };
    const add = ["x", "xs", "xz", "c", "cs", "cz", "ys", "yz"];
    expect(
      apply({ operator: "QLinearAdd", domain, inputs: add }, [2], [4, 6], { ...X, ...c, ...Y }).data,
    ).toEqual([1, 2]);
    const leaky = { operator: "QLinearLeakyRelu", domain, inputs: ["x", "xs", "xz", "ys", "yz"] };
    const attributes = { alpha: float(2) };
    expect(apply({ ...leaky, attributes }, [2], [0, 6], { ...X, ...Y }).data).toEqual([-2, 0]);
    const concat = {
      operator: "QLinearConcat",
      domain,
      inputs: ["ys", "yz", "x", "xs", "xz", "x", "xs", "xz"],
    };
    expect(apply({ ...concat, attributes: { axis: int(1) } }, [2], [6, 10], { ...X, ...Y }).data).toEqual([
      0, 1, 0, 1,
    ]);
    const gemm = {
      operator: "QGemm",
      domain,
      inputs: ["x", "xs", "xz", "w", "ws", "wz", "b"],
      attributes: { transB: int(1) },
    };
    const weights = { w: intTensor([1, 2], [1, 3], "int8"), ws: reals([], 4), wz: integer("int8", 0) };
    const bias = { b: intTensor([1], [5], "int32") };
    expect(apply(gemm, [2], [4, 6], { ...X, ...weights, ...bias })).toMatchObject({
      arithmetic: "float",
      type: "float32",
      data: [38],
    });
  });
});
