/** Constant: a tensor written into the node itself. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { elementTypeOf, floatTensor, intTensor, type Tensor } from "../../tensor/tensor.ts";
import type { Node } from "../node.ts";
import type { OperatorDefinition } from "../operator.ts";

function tensorOf(node: Node): Tensor | undefined {
  for (const [name, found] of node.attributes) {
    if (name === "value" && found.type === "tensor") return found.value;
    if (name === "value_float" && found.type === "float") return floatTensor([], [found.value]);
    if (name === "value_floats" && found.type === "floats")
      return floatTensor([found.value.length], found.value);
    if (name === "value_int" && found.type === "int") return intTensor([], [found.value]);
    if (name === "value_ints" && found.type === "ints") return intTensor([found.value.length], found.value);
  }
  return undefined;
}

function requiredValue(node: Node): Tensor {
  const value = tensorOf(node);
  if (value === undefined)
    throw new TensorproofError("model.badAttribute", "holds no value", { where: node.name });
  return value;
}

export const constant: OperatorDefinition = {
  operator: "Constant",
  unsupported: (node) =>
    tensorOf(node) === undefined ? "its value is neither a number nor a dense tensor" : undefined,
  infer(node) {
    const value = requiredValue(node);
    return [{ shape: value.shape, type: elementTypeOf(value), value }];
  },
  evaluate: (node) => [requiredValue(node)],
};
