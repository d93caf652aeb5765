/** Operators that keep the elements: under another shape, with axes in another order, or altogether. */

import { attribute } from "../../graph/attributes.ts";
import { INTEGER_RANGES } from "../../graph/integers.ts";
import { castTo } from "../../graph/operators/cast.ts";
import { sameShape } from "../../tensor/shape.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { applyOperator, applyToEach } from "./activation.ts";
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
  const [input] = node.inputs;
  const to = context.typeOf(node.outputs[0]);
  const constant = context.constant(input);
  if (constant !== undefined) {
    // CastLike of a constant reads no more of the other tensor than its type.
    context.addConstant(node.outputs[0], castTo(constant, to));
    return;
  }
  const from = context.typeOf(input);
  if (to === "float32" || from === to) {
    context.alias(node.outputs[0], input);
    return;
  }
  const [lo, hi] = INTEGER_RANGES[to];
  const apply = (x: Float32Array): ArrayLike<number> => castTo(floatTensor([x.length], x), to).data;
  const f = { kind: "map", apply } as const;
  applyToEach(context, node, input, from === "float32" ? f : { ...f, identityOn: { lo, hi } });
};

/** Of integers: those of one type as those of another. The bits of reals have no meaning here. */
export const lowerBitCast: LoweringRule = (context, node) => {
  if ([node.inputs[0], node.outputs[0]].some((name) => context.typeOf(name) === "float32"))
    throw new NotLowerable("reads the bits of real numbers, which are rounded here");
  applyOperator(context, node);
};
