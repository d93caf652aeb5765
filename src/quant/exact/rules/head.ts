/** Operators at the end of a classifier. */

import { intAttribute } from "../../../graph/attributes.ts";
import type { TensorId } from "../../../program/program.ts";
import type { ExactContext, ExactRule } from "../context.ts";
import { remarked } from "../names.ts";
import { NotExact } from "../notExact.ts";
import { identityPermutation, inversePermutation, type View } from "../values.ts";

/** Left out: a proof is about the scores, from which anyone can compute the probabilities (`softmax.ts`). */
export const lowerSoftmax: ExactRule = (context, node) => {
  const scores = context.real(node, 0);
  const rank = scores.view.permutation.length;
  if (context.axis(intAttribute(node, "axis", node.opset < 13 ? 1 : -1), rank) !== rank - 1)
    throw new NotExact("works along another axis than the last");
  context.set(node.outputs[0], { kind: "stripped", scores, operator: node.operator });
};

/** The view's tensor with one axis of the view stored last, the others in the view's order. */
function storedLast(context: ExactContext, view: View, axis: number): TensorId {
  const others = identityPermutation(view.permutation.length).filter((other) => other !== axis);
  return context.emitter.stored(view, inversePermutation([...others, axis]));
}

/** The order of integers is that of the reals they stand for. */
export const lowerArgMax: ExactRule = (context, node) => {
  const { emitter } = context;
  if (intAttribute(node, "select_last_index", 0) === 1)
    throw new NotExact("takes the last of equal entries; programs take the first");
  const source = context.get(node.inputs[0]);
  const { view } = source?.kind === "integers" ? source : context.real(node, 0);
  const axis = context.axis(intAttribute(node, "axis", 0), view.permutation.length);
  const id = storedLast(context, view, axis);
  const [output] = node.outputs;
  const shape = context.shapeOf(output);
  const index = emitter.add({ kind: "argmax", name: node.name, input: id }, { name: output });
  context.set(output, { kind: "index", id: emitter.reshape(index, shape, remarked(output, "keepdims")) });
};
