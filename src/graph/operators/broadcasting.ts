/** Operators that combine tensors element by element after stretching them to a common shape: how they are defined. */

import { broadcastShapes, broadcastStrides, formatShape, type Shape } from "../../tensor/shape.ts";
import { walkStridedPair } from "../../tensor/strided.ts";
import { type ElementType, elementTypeOf, type Tensor, zeros } from "../../tensor/tensor.ts";
import { intAttribute } from "../attributes.ts";
import { wrapped } from "../integers.ts";
import type { Node } from "../node.ts";
import {
  type OperatorDefinition,
  requiredFacts,
  requiredTensor,
  shapeMismatch,
  type ValueFacts,
} from "../operator.ts";

export type Combine = (a: number, b: number) => number;

export interface BroadcastingOptions {
  /** How it combines elements of this type; asked once for each node. */
  readonly combineOf: (node: Node, type: ElementType) => Combine;
  /** Type of the results where it is not that of the operands. */
  readonly result?: ElementType;
  /** A constant operand may be ±∞: a mask, or a bound that means "none". */
  readonly mayBeInfinite?: boolean;
  /** Operands may be of different types, and the result has the first one's. */
  readonly mixesTypes?: boolean;
}

export function commonShape(node: Node, a: Shape, b: Shape): number[] {
  const shape = broadcastShapes(a, b);
  if (shape !== undefined) return shape;
  throw shapeMismatch(node, `operands ${formatShape(a)} and ${formatShape(b)} do not broadcast`);
}

export function requireSameKind(node: Node, a: ValueFacts, b: ValueFacts): void {
  if ((a.type === "float32") !== (b.type === "float32"))
    throw shapeMismatch(node, `operands are of different types, ${a.type} and ${b.type}`);
}

/** Both tensors stretched to `shape` and combined; results of type `type` wrap as that type does. */
export function combined(a: Tensor, b: Tensor, shape: Shape, type: ElementType, combine: Combine): Tensor {
  const output = zeros(type, shape);
  walkStridedPair(
    shape,
    broadcastStrides(a.shape, shape),
    broadcastStrides(b.shape, shape),
    (position, offsetA, offsetB) => {
      output.data[position] = wrapped(type, combine(a.data[offsetA], b.data[offsetB]));
    },
  );
  return output;
}

/** Before operator set 7 an attribute aligned the second operand with an axis of the first. */
function olderBroadcast(node: Node): string | undefined {
  return node.opset < 7 && intAttribute(node, "broadcast", 0) === 1
    ? `broadcasting as operator set ${node.opset} defines it; convert the model to operator set 7 or newer`
    : undefined;
}

/** Of two operands. */
export function broadcasting(operator: string, options: BroadcastingOptions): OperatorDefinition {
  const { combineOf, result, mixesTypes = false } = options;
  return {
    operator,
    mayBeInfinite: options.mayBeInfinite === true ? [0, 1] : [],
    unsupported: olderBroadcast,
    infer(node, inputs) {
      const a = requiredFacts(node, inputs, 0);
      const b = requiredFacts(node, inputs, 1);
      const shape = commonShape(node, a.shape, b.shape);
      if (!mixesTypes) requireSameKind(node, a, b);
      return [{ shape, type: result ?? a.type }];
    },
    evaluate(node, inputs, [shape]) {
      const a = requiredTensor(node, inputs, 0);
      const b = requiredTensor(node, inputs, 1);
      const type = elementTypeOf(a);
      return [combined(a, b, shape, result ?? type, combineOf(node, type))];
    },
  };
}

/** Of any number of operands, combined from the left; `finish` sees the result and the number of operands. */
export function variadic(
  operator: string,
  combine: Combine,
  finish: (x: number, count: number) => number = (x) => x,
): OperatorDefinition {
  return {
    operator,
    mayBeInfinite: [0, 1],
    infer(node, inputs) {
      const first = requiredFacts(node, inputs, 0);
      const shape = node.inputs.reduce((known: readonly number[], _, i) => {
        const operand = requiredFacts(node, inputs, i);
        requireSameKind(node, first, operand);
        return commonShape(node, known, operand.shape);
      }, first.shape);
      return [{ shape, type: first.type }];
    },
    evaluate(node, inputs, [shape]) {
      const first = requiredTensor(node, inputs, 0);
      const type = elementTypeOf(first);
      let sum = combined(first, first, shape, type, (a) => a);
      for (let i = 1; i < node.inputs.length; i++)
        sum = combined(sum, requiredTensor(node, inputs, i), shape, type, combine);
      for (let i = 0; i < sum.data.length; i++) sum.data[i] = finish(sum.data[i], node.inputs.length);
      return [sum];
    },
  };
}
