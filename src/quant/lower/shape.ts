/** Operators that keep the elements: under another shape, with axes in another order, or altogether. */

import { attribute } from "../../graph/attributes.ts";
import { sameShape } from "../../tensor/shape.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { elementOrder, identityPermutation } from "./layout.ts";

function refuseStripped(context: LoweringContext, input: string): void {
  if (context.strippedBefore(input).length > 0)
    throw new NotLowerable("follows a Softmax, which must come last");
}

/** `output` holds the elements of `source` in their order, in its own shape. */
export function defineReshaped(context: LoweringContext, output: string, source: string): void {
  const value = context.valueOf(source);
  const shape = context.shapeOf(output);
  if (sameShape(shape, context.shapeOf(source))) {
    context.alias(output, source);
    return;
  }
  refuseStripped(context, source);
  const isInOrder = elementOrder(value).every((position, element) => position === element);
  const permutation = isInOrder ? identityPermutation(value.shape.length) : value.permutation;
  const flattened = isInOrder && sameShape(shape, value.shape) ? null : shape;
  context.define(output, { ...value, permutation, flattened });
}

export const lowerReshape: LoweringRule = (context, node) =>
  defineReshaped(context, node.outputs[0], context.dataInput(node));

export const lowerTranspose: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  refuseStripped(context, input);
  const rank = context.shapeOf(input).length;
  const leading = context.graph.batched ? 1 : 0;
  const all = attribute(node, "perm", "ints") ?? identityPermutation(rank + leading).reverse();
  if (leading === 1 && all[0] !== 0) throw new NotLowerable("moves the batch axis");
  const order = all.slice(leading).map((axis) => axis - leading);
  if (context.valueOf(input).flattened !== null) {
    const id = context.readPlain(input);
    const shape = context.shapeOf(input);
    context.define(input, {
      id,
      shape,
      permutation: identityPermutation(rank),
      flattened: null,
      pending: null,
    });
  }
  const value = context.valueOf(input);
  context.define(node.outputs[0], { ...value, permutation: order.map((axis) => value.permutation[axis]) });
};

/** Operators that hand their input on. */
export const lowerIdentity: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  context.alias(node.outputs[0], input);
};

export const lowerCast: LoweringRule = (context, node) => {
  const from = context.graph.values.get(context.dataInput(node))?.type;
  const to = context.graph.values.get(node.outputs[0])?.type;
  if (from === "float32" && to !== "float32") throw new NotLowerable("rounds a computed tensor to integers");
  lowerIdentity(context, node);
};
