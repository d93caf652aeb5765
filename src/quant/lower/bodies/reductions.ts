/** Reductions and Softmax's relatives, in operators that have integer forms. */

import { attribute, intAttribute } from "../../../graph/attributes.ts";
import type { Node } from "../../../graph/node.ts";
import { requiredFacts, requiredIntegers, type ValueFacts } from "../../../graph/operator.ts";
import { requiredAxis } from "../../../graph/operators/axes.ts";
import type { Body, Expand, PlainAttributes } from "../../../graph/operators/expansion.ts";

const INT64 = 7;
type Facts = readonly (ValueFacts | undefined)[];

function reducedAxes(node: Node, inputs: Facts): number[] {
  const { shape } = requiredFacts(node, inputs, 0);
  const given =
    inputs[1] === undefined ? (attribute(node, "axes", "ints") ?? []) : requiredIntegers(node, inputs, 1);
  if (given.length > 0) return given.map((axis) => requiredAxis(node, axis, shape));
  return intAttribute(node, "noop_with_empty_axes", 0) === 1 ? [] : shape.map((_, axis) => axis);
}

function reduce(body: Body, operator: string, x: string, axes: readonly number[], keep: number): string {
  const attributes: PlainAttributes = { keepdims: keep, noop_with_empty_axes: 1 };
  return body.add(operator, [x, body.integers(...axes)], attributes);
}

/** A sum of what `before` makes of the elements, and `after` of the sum. */
function sumOf(before: readonly string[], after: readonly string[]): Expand {
  return (body, node, inputs) => {
    const [x] = node.inputs;
    const inner = before.reduce(
      (name, operator) =>
        operator === "Square" ? body.add("Mul", [name, name]) : body.add(operator, [name]),
      x,
    );
    const sum = reduce(
      body,
      "ReduceSum",
      inner,
      reducedAxes(node, inputs),
      intAttribute(node, "keepdims", 1),
    );
    return [after.reduce((name, operator) => body.add(operator, [name]), sum)];
  };
}

export const reduceL1: Expand = sumOf(["Abs"], []);
export const reduceL2: Expand = sumOf(["Square"], ["Sqrt"]);
export const reduceSumSquare: Expand = sumOf(["Square"], []);
export const reduceLogSum: Expand = sumOf([], ["Log"]);

/** −max(−x); unsigned integers and truth values have no negative ones until they are wider. */
export const reduceMin: Expand = (body, node, inputs) => {
  const isReal = requiredFacts(node, inputs, 0).type === "float32";
  const wide = isReal ? node.inputs[0] : body.add("Cast", [node.inputs[0]], { to: INT64 });
  const negated = body.add("Neg", [wide]);
  const most = reduce(
    body,
    "ReduceMax",
    negated,
    reducedAxes(node, inputs),
    intAttribute(node, "keepdims", 1),
  );
  const least = body.add("Neg", [most]);
  return [isReal ? least : body.add("CastLike", [least, node.inputs[0]])];
};

/** m + log Σ e^(x − m), m the largest. */
export const reduceLogSumExp: Expand = (body, node, inputs) => {
  const [x] = node.inputs;
  const axes = reducedAxes(node, inputs);
  const keep = intAttribute(node, "keepdims", 1);
  const most = reduce(body, "ReduceMax", x, axes, 1);
  const sum = reduce(body, "ReduceSum", body.add("Exp", [body.add("Sub", [x, most])]), axes, keep);
  const kept = keep === 1 ? most : reduce(body, "ReduceMax", x, axes, 0);
  return [body.add("Add", [body.add("Log", [sum]), kept])];
};

/** Halves times each other, axis by axis. */
export const reduceProd: Expand = (body, node, inputs) => {
  const { shape } = requiredFacts(node, inputs, 0);
  const axes = reducedAxes(node, inputs);
  let [x] = node.inputs;
  for (const axis of axes) {
    for (let length = shape[axis]; length > 1; length = Math.ceil(length / 2)) {
      const half = Math.floor(length / 2);
      const product = body.add("Mul", [body.slice(x, axis, 0, half), body.slice(x, axis, half, 2 * half)]);
      x =
        length % 2 === 0
          ? product
          : body.add("Concat", [product, body.slice(x, axis, length - 1, length)], { axis });
    }
  }
  const isKept = intAttribute(node, "keepdims", 1) === 1;
  if (isKept || axes.length === 0) return [body.add("Identity", [x])];
  return [body.add("Squeeze", [x, body.integers(...axes)])];
};

export const cumulativeProduct: Expand = (body, node, inputs) => {
  const { shape } = requiredFacts(node, inputs, 0);
  const axis = requiredAxis(node, requiredIntegers(node, inputs, 1)[0], shape);
  const length = shape[axis];
  const isReversed = intAttribute(node, "reverse", 0) === 1;
  const isExclusive = intAttribute(node, "exclusive", 0) === 1;
  const [x] = node.inputs;
  const parts = new Array<string>(length);
  let product: string | null = null;
  for (let k = 0; k < length; k++) {
    const at = isReversed ? length - 1 - k : k;
    const own = body.slice(x, axis, at, at + 1);
    const next: string = product === null ? own : body.add("Mul", [product, own]);
    const one = body.add("Div", [body.real(1), body.real(1)]);
    const first = isExclusive && product === null;
    const ones = first ? body.add("Expand", [one, body.integers(...shape.with(axis, 1))]) : "";
    parts[at] = first ? ones : isExclusive ? (product as string) : next;
    product = next;
  }
  return [body.add("Concat", parts, { axis })];
};

/** Before operator set 13 everything from the axis on is one line. */
function asLines(
  body: Body,
  node: Node,
  inputs: Facts,
  compute: (x: string, axis: number) => string,
): string {
  const { shape } = requiredFacts(node, inputs, 0);
  const axis = requiredAxis(node, intAttribute(node, "axis", node.opset < 13 ? 1 : -1), shape);
  if (node.opset >= 13 || axis === shape.length - 1) return compute(node.inputs[0], axis);
  const count = shape.slice(axis).reduce((product, length) => product * length, 1);
  const flat = body.reshape(node.inputs[0], [...shape.slice(0, axis), count]);
  return body.reshape(compute(flat, axis), shape);
}

export const softmax: Expand = (body, node, inputs) => {
  if (node.opset >= 13) throw new RangeError("expected an operator set before 13");
  return [asLines(body, node, inputs, (x, axis) => body.add("Softmax", [x], { axis }))];
};

/** x − m − log Σ e^(x − m). */
export const logSoftmax: Expand = (body, node, inputs) => [
  asLines(body, node, inputs, (x, axis) => {
    const along = body.integers(axis);
    const centred = body.add("Sub", [x, body.add("ReduceMax", [x, along])]);
    const sum = body.add("ReduceSum", [body.add("Exp", [centred]), along]);
    return body.add("Sub", [centred, body.add("Log", [sum])]);
  }),
];
