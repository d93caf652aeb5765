/** Add, Sub, Mul, Div, Max, Min and PRelu: two tensors that broadcast to a common shape, combined element by element. */

import { broadcastShapes, broadcastStrides, formatShape, sameShape } from "../../tensor/shape.ts";
import { walkStridedPair } from "../../tensor/strided.ts";
import { elementTypeOf, isFloatTensor, zeros } from "../../tensor/tensor.ts";
import { intAttribute } from "../attributes.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";

type Combine = (a: number, b: number) => number;

function broadcasting(operator: string, onReals: Combine, onIntegers: Combine = onReals): OperatorDefinition {
  return {
    operator,
    // Before operator set 7 an attribute aligned the second operand with an axis of the first.
    unsupported: (node) =>
      node.opset < 7 && intAttribute(node, "broadcast", 0) === 1
        ? `broadcasting as operator set ${node.opset} defines it; convert the model to operator set 7 or newer`
        : undefined,
    infer(node, inputs) {
      const a = requiredFacts(node, inputs, 0);
      const b = requiredFacts(node, inputs, 1);
      const shape = broadcastShapes(a.shape, b.shape);
      if (shape === undefined) {
        throw shapeMismatch(
          node,
          `operands ${formatShape(a.shape)} and ${formatShape(b.shape)} do not broadcast`,
        );
      }
      if ((a.type === "float32") !== (b.type === "float32"))
        throw shapeMismatch(node, `operands are of different types, ${a.type} and ${b.type}`);
      return [{ shape, type: a.type }];
    },
    evaluate(node, inputs, [shape]) {
      const a = requiredTensor(node, inputs, 0);
      const b = requiredTensor(node, inputs, 1);
      const output = zeros(elementTypeOf(a), shape);
      const combine = isFloatTensor(a) ? onReals : onIntegers;
      walkStridedPair(
        shape,
        broadcastStrides(a.shape, shape),
        broadcastStrides(b.shape, shape),
        (position, offsetA, offsetB) => {
          output.data[position] = combine(a.data[offsetA], b.data[offsetB]);
        },
      );
      return [output];
    },
  };
}

export const add: OperatorDefinition = broadcasting("Add", (a, b) => a + b);
export const sub: OperatorDefinition = broadcasting("Sub", (a, b) => a - b);
export const mul: OperatorDefinition = broadcasting("Mul", (a, b) => a * b);
// Integers divide towards zero; a zero divisor can only occur in a damaged shape computation and yields 0 there.
export const div: OperatorDefinition = broadcasting(
  "Div",
  (a, b) => a / b,
  (a, b) => (b === 0 ? 0 : Math.trunc(a / b)),
);

/** ONNX allows any number of operands; networks have two. */
function extremum(operator: "Max" | "Min", choose: Combine): OperatorDefinition {
  return {
    ...broadcasting(operator, choose),
    unsupported: (node) =>
      node.inputs.length === 2 ? undefined : `${node.inputs.length} operands; only two are supported`,
  };
}

export const max: OperatorDefinition = extremum("Max", Math.max);
export const min: OperatorDefinition = extremum("Min", Math.min);

/** The slope of negative numbers is a tensor, which stretches to the shape of the input but not the other way round. */
export const prelu: OperatorDefinition = {
  ...broadcasting("PRelu", (x, slope) => (x < 0 ? slope * x : x)),
  infer(node, inputs) {
    const x = requiredFacts(node, inputs, 0);
    const slope = requiredFacts(node, inputs, 1);
    if (!sameShape(broadcastShapes(x.shape, slope.shape) ?? [], x.shape))
      throw shapeMismatch(
        node,
        `slopes ${formatShape(slope.shape)} do not broadcast to ${formatShape(x.shape)}`,
      );
    return [{ shape: x.shape, type: x.type }];
  },
};
