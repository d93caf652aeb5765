/** Operators at the end of a classifier. */

import { intAttribute } from "../../graph/attributes.ts";
import { sampleAxis } from "../../graph/graph.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { Head } from "../compileOptions.ts";
import { MAX_SOFTMAX_LENGTH } from "../softmaxLimits.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { identityPermutation } from "./layout.ts";
import { defineReshaped } from "./shape.ts";

/** Operators that hand all scores on, through which an ArgMax or the end is still reached. */
const PASSING: ReadonlySet<string> = new Set([
  "Identity",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Dropout",
]);

/** Heads for which nothing is left out. */
const COMPUTED_AT_THE_END: ReadonlySet<Head> = new Set<Head>(["probabilities", "outputs"]);

function endsModel(context: LoweringContext, name: string): boolean {
  return context.graph.nodes
    .filter((node) => node.inputs.includes(name))
    .every(
      ({ operator, outputs }) =>
        operator === "ArgMax" || (PASSING.has(operator) && endsModel(context, outputs[0])),
    );
}

/**
 * Left out at the end of a model, where nothing but an ArgMax follows, unless the probabilities are asked for: the order of
 * the scores stays. Anywhere else a Softmax is computed, and a LogSoftmax refused.
 */
export const lowerSoftmax: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const [output] = node.outputs;
  const shape = context.shapeOf(input);
  const rank = shape.length;
  const axis = sampleAxis(context.graph, intAttribute(node, "axis", node.opset < 13 ? 1 : -1), rank);
  if (axis === undefined) throw new NotLowerable("compares samples");
  const isFlat = shape.every((length, at) => length === 1 || at === axis);
  const keepsOrder = axis === rank - 1 || isFlat;
  if (keepsOrder && !COMPUTED_AT_THE_END.has(context.head) && endsModel(context, output)) {
    context.alias(output, input, [node.operator]);
    return;
  }
  if (node.operator !== "Softmax")
    throw new NotLowerable(
      "has an integer form only at the end of a model, where the scores before it are proven",
    );
  if (node.opset < 13 && shape.slice(axis + 1).some((length) => length > 1))
    throw new NotLowerable("works along several axes at once (operator set below 13)");
  if (shape[axis] > MAX_SOFTMAX_LENGTH)
    throw new NotLowerable(`works along ${shape[axis]} entries; at most ${MAX_SOFTMAX_LENGTH} are supported`);
  const { flattened, permutation } = context.valueOf(input);
  const order = flattened === null ? permutation : identityPermutation(rank);
  const id = context.read(input, order);
  context.addFor(output, order, (result, stepShape) => ({
    kind: "softmax",
    name: node.name,
    result,
    shape: stepShape,
    input: id,
    axis: order[axis],
  }));
};

export const lowerArgMax: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const inputShape = context.shapeOf(input);
  const rank = inputShape.length;
  const axis = sampleAxis(context.graph, intAttribute(node, "axis", 0), rank);
  if (axis === undefined) throw new NotLowerable("compares samples");
  if (intAttribute(node, "select_last_index", 0) === 1)
    throw new NotLowerable("gives the last index among equals");
  const order = Array.from({ length: rank }, (_, at) => (at === axis ? rank - 1 : at < axis ? at : at - 1));
  const indexShape = inputShape.filter((_, at) => at !== axis);
  const [output] = node.outputs;
  const isKept = !sameShape(context.shapeOf(output), indexShape);
  const name = isKept ? `${output} (without its axis)` : output;
  if (isKept) context.hide(name, indexShape, context.typeOf(output));
  const id = context.read(input, order);
  context.addFor(name, identityPermutation(rank - 1), (result, shape) => ({
    kind: "argmax",
    name: node.name,
    result,
    shape,
    input: id,
  }));
  if (isKept) defineReshaped(context, output, name);
};
