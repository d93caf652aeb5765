/** ConstantOfShape: one number, everywhere in a tensor whose shape is an input. Exporters pad channels with it. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { formatShape } from "../../tensor/shape.ts";
import { type ElementType, elementTypeOf, zeros } from "../../tensor/tensor.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredIntegers, shapeMismatch } from "../operator.ts";

interface Filling {
  readonly type: ElementType;
  readonly number: number;
}

/** The attribute is a tensor of one element; without it the tensor holds the real number 0. */
function fillingOf(node: Node): Filling {
  const value = node.attributes.get("value");
  if (value === undefined) return { type: "float32", number: 0 };
  if (value.type !== "tensor" || value.value.data.length !== 1)
    throw new TensorproofError("model.badAttribute", "has a value that is not one number", {
      where: node.name,
    });
  return { type: elementTypeOf(value.value), number: value.value.data[0] };
}

export const constantOfShape: OperatorDefinition = {
  operator: "ConstantOfShape",
  shapeOnlyInputs: [0],
  infer(node, inputs) {
    const shape = requiredIntegers(node, inputs, 0);
    if (shape.some((length) => !Number.isInteger(length) || length < 0))
      throw shapeMismatch(node, `is asked for the shape ${formatShape(shape)}`);
    return [{ shape, type: fillingOf(node).type }];
  },
  evaluate(node, _, [shape]) {
    const { type, number } = fillingOf(node);
    const tensor = zeros(type, shape);
    tensor.data.fill(number);
    return [tensor];
  },
};
