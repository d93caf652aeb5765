/** Transpose: axes in another order. */

import { formatShape, type Shape, stridesOf } from "../../tensor/shape.ts";
import { walkStrided } from "../../tensor/strided.ts";
import { elementTypeOf, type Tensor, zeros } from "../../tensor/tensor.ts";
import { attribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";

function permutationOf(node: Node, shape: Shape): readonly number[] {
  const permutation = attribute(node, "perm", "ints") ?? shape.map((_, axis) => shape.length - 1 - axis);
  const sorted = [...permutation].sort((a, b) => a - b);
  if (sorted.length !== shape.length || sorted.some((axis, i) => axis !== i)) {
    throw shapeMismatch(
      node,
      `perm ${formatShape(permutation)} is no order of the axes of ${formatShape(shape)}`,
    );
  }
  return permutation;
}

export const transpose: OperatorDefinition = {
  operator: "Transpose",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    return [{ shape: permutationOf(node, shape).map((axis) => shape[axis]), type }];
  },
  evaluate(node, inputs) {
    const input = requiredTensor(node, inputs, 0);
    return [transposedTensor(input, permutationOf(node, input.shape))];
  },
};

/** Axis i of the result is axis `order[i]` of the input. */
export function transposedTensor(input: Tensor, order: readonly number[]): Tensor {
  const shape = order.map((axis) => input.shape[axis]);
  const strides = stridesOf(input.shape);
  const output = zeros(elementTypeOf(input), shape);
  walkStrided(
    shape,
    order.map((axis) => strides[axis]),
    (position, offset) => {
      output.data[position] = input.data[offset];
    },
  );
  return output;
}
