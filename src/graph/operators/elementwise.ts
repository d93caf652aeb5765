/** Arithmetic on two or more tensors that broadcast to a common shape, element by element; and Where. */

import { broadcastShapes, broadcastStrides, formatShape, sameShape } from "../../tensor/shape.ts";
import { walkStridedPair } from "../../tensor/strided.ts";
import { elementTypeOf, zeros } from "../../tensor/tensor.ts";
import { intAttribute } from "../attributes.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";
import {
  broadcasting,
  type Combine,
  combined,
  commonShape,
  requireSameKind,
  variadic,
} from "./broadcasting.ts";

function arithmetic(operator: string, onReals: Combine, onIntegers: Combine = onReals): OperatorDefinition {
  return broadcasting(operator, { combineOf: (_, type) => (type === "float32" ? onReals : onIntegers) });
}

export const add: OperatorDefinition = broadcasting("Add", {
  combineOf: () => (a, b) => a + b,
  mayBeInfinite: true,
});
export const sub: OperatorDefinition = arithmetic("Sub", (a, b) => a - b);
export const mul: OperatorDefinition = arithmetic("Mul", (a, b) => a * b);
// Integers divide towards zero; a zero divisor can only occur in a damaged shape computation and yields 0 there.
export const div: OperatorDefinition = arithmetic(
  "Div",
  (a, b) => a / b,
  (a, b) => (b === 0 ? 0 : Math.trunc(a / b)),
);

export const max: OperatorDefinition = variadic("Max", Math.max);
export const min: OperatorDefinition = variadic("Min", Math.min);
export const sum: OperatorDefinition = variadic("Sum", (a, b) => a + b);
export const mean: OperatorDefinition = variadic(
  "Mean",
  (a, b) => a + b,
  (x, count) => x / count,
);

/** The exponent may be of another type than the base; the result has the base's. */
export const pow: OperatorDefinition = broadcasting("Pow", {
  combineOf: (_, type) => (type === "float32" ? Math.pow : (a, b) => Math.trunc(a ** b)),
  mixesTypes: true,
});

/** The sign follows the divisor, or with fmod = 1 the dividend. */
export const mod: OperatorDefinition = broadcasting("Mod", {
  combineOf: (node, type) => {
    if (intAttribute(node, "fmod", 0) === 1 || type === "float32") return (a, b) => a % b;
    return (a, b) => (b === 0 ? 0 : ((a % b) + b) % b);
  },
});

/** The slope of negative numbers is a tensor, which stretches to the shape of the input but not the other way round. */
export const prelu: OperatorDefinition = {
  ...arithmetic("PRelu", (x, slope) => (x < 0 ? slope * x : x)),
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

/** Elements of the second operand where the first is true, of the third elsewhere. */
export const where: OperatorDefinition = {
  operator: "Where",
  mayBeInfinite: [1, 2],
  infer(node, inputs) {
    const [condition, chosen, other] = [0, 1, 2].map((i) => requiredFacts(node, inputs, i));
    requireSameKind(node, chosen, other);
    const shape = commonShape(node, commonShape(node, condition.shape, chosen.shape), other.shape);
    return [{ shape, type: chosen.type }];
  },
  evaluate(node, inputs, [shape]) {
    const [condition, chosen, other] = [0, 1, 2].map((i) => requiredTensor(node, inputs, i));
    const output = zeros(elementTypeOf(chosen), shape);
    const stretched = combined(condition, condition, shape, "bool", (a) => a);
    walkStridedPair(
      shape,
      broadcastStrides(chosen.shape, shape),
      broadcastStrides(other.shape, shape),
      (position, offsetA, offsetB) => {
        output.data[position] = stretched.data[position] !== 0 ? chosen.data[offsetA] : other.data[offsetB];
      },
    );
    return [output];
  },
};
