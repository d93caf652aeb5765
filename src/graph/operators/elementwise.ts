/** Add, Sub, Mul and Div of two tensors that broadcast to a common shape. */

import { broadcastShapes, broadcastStrides, formatShape } from "../../tensor/shape.ts";
import { walkStridedPair } from "../../tensor/strided.ts";
import { isFloatTensor, zeros } from "../../tensor/tensor.ts";
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
      if (a.type !== b.type)
        throw shapeMismatch(node, `operands are of different types, ${a.type} and ${b.type}`);
      return [{ shape, type: a.type }];
    },
    evaluate(node, inputs, [shape]) {
      const a = requiredTensor(node, inputs, 0);
      const b = requiredTensor(node, inputs, 1);
      const output = zeros(isFloatTensor(a) ? "float32" : "int64", shape);
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
