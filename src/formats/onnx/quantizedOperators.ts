/**
 * ONNX's operators on integers (QLinearConv, QLinearMatMul and ONNX Runtime's own QLinearAdd, …) in terms of real
 * operators between DequantizeLinear and QuantizeLinear, as `graph/quantization.ts` describes.
 */

import type { Attribute, Node } from "../../graph/node.ts";
import type { Arithmetic } from "../../graph/quantization.ts";

/** Positions of a quantised tensor, its scale and its zero point among a node's inputs. */
type Triple = readonly [tensor: number, scale: number, zeroPoint: number];

interface Rewriting {
  /** The real operator. */
  readonly operator: string;
  readonly operands: (node: Node) => readonly Triple[];
  /** Positions of the result's scale and zero point. */
  readonly result: readonly [scale: number, zeroPoint: number];
  /** Axis of scales that differ along an axis, by operand; the first axis is usual for weights. */
  readonly axes?: readonly number[];
  /** Position of a bias of 32-bit integers, in units of the product of the first two operands' scales. */
  readonly bias?: number;
  /** Attributes that the real operator does not have. */
  readonly dropped?: readonly string[];
}

/** ONNX Runtime's own operators. */
const RUNTIME = "com.microsoft";

const ONE: readonly Triple[] = [[0, 1, 2]];
const TWO: readonly Triple[] = [...ONE, [3, 4, 5]];

const STANDARD: ReadonlyMap<string, Rewriting> = new Map<string, Rewriting>([
  ["QLinearConv", { operator: "Conv", operands: () => TWO, result: [6, 7], axes: [1, 0], bias: 8 }],
  ["QLinearMatMul", { operator: "MatMul", operands: () => TWO, result: [6, 7], axes: [-2, -1] }],
]);

const OF_RUNTIME: ReadonlyMap<string, Rewriting> = new Map<string, Rewriting>([
  ["QLinearAdd", { operator: "Add", operands: () => TWO, result: [6, 7] }],
  ["QLinearMul", { operator: "Mul", operands: () => TWO, result: [6, 7] }],
  ["QLinearSigmoid", { operator: "Sigmoid", operands: () => ONE, result: [3, 4] }],
  ["QLinearLeakyRelu", { operator: "LeakyRelu", operands: () => ONE, result: [3, 4] }],
  [
    "QLinearAveragePool",
    { operator: "AveragePool", operands: () => ONE, result: [3, 4], dropped: ["channels_last"] },
  ],
  [
    "QLinearGlobalAveragePool",
    { operator: "GlobalAveragePool", operands: () => ONE, result: [3, 4], dropped: ["channels_last"] },
  ],
  ["QLinearConcat", { operator: "Concat", operands: concatenated, result: [0, 1] }],
  ["QGemm", { operator: "Gemm", operands: () => TWO, result: [7, 8], axes: [0, 1], bias: 6 }],
]);

/** Scale and zero point of the result come first, then the parts. */
function concatenated(node: Node): readonly Triple[] {
  const count = Math.floor((node.inputs.length - 2) / 3);
  return Array.from({ length: count }, (_, i): Triple => [2 + 3 * i, 3 + 3 * i, 4 + 3 * i]);
}

function rewritingOf(node: Node): Rewriting | undefined {
  const found = (node.domain === "" ? STANDARD : node.domain === RUNTIME ? OF_RUNTIME : undefined)?.get(
    node.operator,
  );
  const channelsLast = node.attributes.get("channels_last");
  return channelsLast?.type === "int" && channelsLast.value !== 0 ? undefined : found;
}

/** Whose arithmetic the nodes of a model mean, once `withRealOperators` has been through them. */
export function arithmeticOf(nodes: readonly Node[]): Arithmetic {
  return nodes.some((node) => node.domain === "" && node.operator === "QuantizeLinear") ? "onnx" : "float";
}

/** All nodes, those on integers rewritten. `opset` is the version of the standard operators. */
export function withRealOperators(nodes: readonly Node[], opset: number): readonly Node[] {
  return nodes.flatMap((given) => {
    const node = given.domain === RUNTIME && isPair(given.operator) ? { ...given, domain: "", opset } : given;
    const rewriting = rewritingOf(node);
    return rewriting === undefined ? [node] : rewrite(node, rewriting, opset);
  });
}

/** ONNX Runtime has these under its own name too, with the same meaning. */
function isPair(operator: string): boolean {
  return operator === "QuantizeLinear" || operator === "DequantizeLinear";
}

function rewrite(node: Node, rewriting: Rewriting, opset: number): readonly Node[] {
  const { operator, operands, result, axes = [], bias, dropped = [] } = rewriting;
  const nodes: Node[] = [];
  const [output] = node.outputs;
  const input = (position: number): string => node.inputs[position] ?? "";
  const emit = (
    kind: string,
    inputs: readonly string[],
    name: string,
    attributes: ReadonlyMap<string, Attribute> = new Map(),
  ): string => {
    // Names of nodes in a file are unique, so these are; the last one keeps the node's own.
    const unique = name === output ? node.name : `${node.name}/${name}`;
    nodes.push({ name: unique, operator: kind, domain: "", opset, inputs, outputs: [name], attributes });
    return name;
  };
  const triples = operands(node);
  const reals = triples.map(([tensor, scale, zeroPoint], i) => {
    const axis: Attribute = { type: "int", value: axes[i] ?? 1 };
    const inputs = [input(tensor), input(scale), input(zeroPoint)];
    return emit("DequantizeLinear", inputs, `${output}/operand ${i}`, new Map([["axis", axis]]));
  });
  if (bias !== undefined && input(bias) !== "") {
    const [first, second] = triples;
    const scale = emit("Mul", [input(first[1]), input(second[1])], `${output}/bias scale`);
    const axis: Attribute = { type: "int", value: 0 };
    reals.push(emit("DequantizeLinear", [input(bias), scale], `${output}/bias`, new Map([["axis", axis]])));
  }
  const attributes = new Map([...node.attributes].filter(([name]) => !dropped.includes(name)));
  const scale = input(result[0]);
  // QGemm without a scale for its result gives reals.
  if (scale === "") emit(operator, reals, output, attributes);
  else {
    const real = emit(operator, reals, `${output}/unrounded`, attributes);
    emit("QuantizeLinear", [real, scale, input(result[1])], output);
  }
  return nodes;
}
