/** How a Transpose passes through an operator: the same operator on the tensor before the Transpose. */

import { resolveAxis } from "../../tensor/shape.ts";
import { intTensor } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Attribute, Node } from "../node.ts";
import { inverse, type Order, permuted, withoutAxes } from "./axisOrder.ts";
import type { Sinking } from "./sinkTransposes.ts";

export interface Passed {
  readonly node: Node;
  /** Turns the new node's outputs into the old one's. */
  readonly order: Order;
}

type Rule = (node: Node, order: Order, source: string, sinking: Sinking) => Passed | undefined;

/** `undefined` where the operator needs its inputs as they are, or none of them is turned. */
export function passThrough(node: Node, sinking: Sinking): Passed | undefined {
  if (node.domain !== "") return undefined;
  if (COMBINING.has(node.operator)) return combine(node, sinking);
  const turned = sinking.turned(node.inputs[0] ?? "");
  const rule = RULES.get(node.operator);
  if (turned === undefined || rule === undefined) return undefined;
  if (node.inputs.slice(1).some((name) => name !== "" && !sinking.constants.has(name))) return undefined;
  return rule(node, turned.order, turned.source, sinking);
}

const COMBINING: ReadonlySet<string> = new Set(["Add", "Sub", "Mul", "Div", "PRelu", "Max", "Min", "Concat"]);

/** Operands side by side: all turned alike, or cheap to turn. */
function combine(node: Node, sinking: Sinking): Passed | undefined {
  const turned = node.inputs.flatMap((name) => sinking.turned(name) ?? []);
  if (turned.length === 0) return undefined;
  const [{ order }] = turned;
  const most = turned.reduce((sum, { source }) => sum + sinking.elements(source), 0);
  const inputs = node.inputs.map((name) => sinking.operand(name, order, most));
  if (!inputs.every((name) => name !== undefined)) return undefined;
  if (sinking.fullShape(node.outputs[0])?.length !== order.length) return undefined;
  const moved = { ...node, inputs };
  return { node: node.operator === "Concat" ? withAxis(moved, order, 0) : moved, order };
}

/** The node with its attribute "axis" counting the source's axes. */
function withAxis(node: Node, order: Order, fallback: number): Node {
  const axis = resolveAxis(intAttribute(node, "axis", fallback), order.length);
  if (axis === undefined) return node;
  return { ...node, attributes: withAttribute(node, "axis", { type: "int", value: order[axis] }) };
}

function withAttribute(node: Node, name: string, value: Attribute): ReadonlyMap<string, Attribute> {
  return new Map(node.attributes).set(name, value);
}

const pointwise: Rule = (node, order, source) => ({
  node: { ...node, inputs: node.inputs.with(0, source) },
  order,
});

const alongAxis =
  (fallback: number): Rule =>
  (node, order, source) => ({
    node: withAxis({ ...node, inputs: node.inputs.with(0, source) }, order, fallback),
    order,
  });

/** Before operator set 13 everything from the axis on was one line, which is no line in another order. */
const softmax: Rule = (node, order, source, sinking) =>
  node.opset < 13 ? undefined : alongAxis(-1)(node, order, source, sinking);

/** A constant of integers in place of the input at `position`. */
function withIntegers(node: Node, position: number, values: readonly number[], sinking: Sinking): Node {
  const name = sinking.fresh(`${node.outputs[0]}/input ${position} turned`);
  sinking.constants.set(name, intTensor([values.length], values));
  return { ...node, inputs: node.inputs.with(position, name) };
}

const reduce: Rule = (node, order, source, sinking) => {
  const given = sinking.constants.get(node.inputs[1] ?? "");
  const axes = given === undefined ? attribute(node, "axes", "ints") : Array.from(given.data);
  if (axes === undefined || axes.length === 0) return undefined;
  const moved = axes.map((axis) => order[axis < 0 ? axis + order.length : axis]);
  const changed = { ...node, inputs: node.inputs.with(0, source) };
  const reduced =
    given === undefined
      ? { ...changed, attributes: withAttribute(node, "axes", { type: "ints", value: moved }) }
      : withIntegers(changed, 1, moved, sinking);
  const keeps = intAttribute(node, "keepdims", 1) === 1;
  return { node: reduced, order: keeps ? order : withoutAxes(order, new Set(moved)) };
};

const pad: Rule = (node, order, source, sinking) => {
  const pads = sinking.constants.get(node.inputs[1] ?? "");
  if (pads === undefined || node.inputs[3]) return undefined;
  const rank = order.length;
  const back = inverse(order);
  const all = Array.from(pads.data);
  const moved = [...permuted(all.slice(0, rank), back), ...permuted(all.slice(rank), back)];
  return {
    node: withIntegers({ ...node, inputs: node.inputs.with(0, source) }, 1, moved, sinking),
    order,
  };
};

const slice: Rule = (node, order, source, sinking) => {
  const starts = sinking.constants.get(node.inputs[1] ?? "");
  if (starts === undefined) return undefined;
  const given = sinking.constants.get(node.inputs[3] ?? "");
  const axes = given === undefined ? [...starts.data.keys()] : Array.from(given.data);
  const moved = axes.map((axis) => order[axis < 0 ? axis + order.length : axis]);
  const inputs = [source, ...node.inputs.slice(1, 3), "", ...node.inputs.slice(4)];
  return { node: withIntegers({ ...node, inputs }, 3, moved, sinking), order };
};

const quantize: Rule = (node, order, source, sinking) =>
  (sinking.constants.get(node.inputs[1])?.data.length === 1 ? pointwise : alongAxis(1))(
    node,
    order,
    source,
    sinking,
  );

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...["Relu", "LeakyRelu", "Elu", "Softplus", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Clip"].map(
    (name) => [name, pointwise] as const,
  ),
  ...["Identity", "Dropout", "Cast"].map((name) => [name, pointwise] as const),
  ["QuantizeLinear", quantize],
  ["DequantizeLinear", quantize],
  ["Softmax", softmax],
  ["LogSoftmax", softmax],
  ["Split", alongAxis(0)],
  ...["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin"].map((name) => [name, reduce] as const),
  ["Pad", pad],
  ["Slice", slice],
]);
