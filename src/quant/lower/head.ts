/** Operators at the end of a classifier. */

import { intAttribute } from "../../graph/attributes.ts";
import { sampleAxis } from "../../graph/graph.ts";
import { sameShape } from "../../tensor/shape.ts";
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

function endsModel(context: LoweringContext, name: string): boolean {
  return context.graph.nodes
    .filter((node) => node.inputs.includes(name))
    .every(
      ({ operator, outputs }) =>
        operator === "ArgMax" || (PASSING.has(operator) && endsModel(context, outputs[0])),
    );
}

/** Left out: the order of the scores stays. Nothing but an ArgMax or the end of the model may follow. */
export const lowerSoftmax: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const [output] = node.outputs;
  const { length: rank } = context.shapeOf(input);
  const axis = sampleAxis(context.graph, intAttribute(node, "axis", node.opset < 13 ? 1 : -1), rank);
  const isFlat = context.shapeOf(input).every((length, at) => length === 1 || at === axis);
  if (axis !== rank - 1 && !isFlat) throw new NotLowerable("works along another axis than the last");
  if (!endsModel(context, output))
    throw new NotLowerable("is followed by further operators; it is only supported at the end");
  context.alias(output, input, [node.operator]);
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
  if (isKept) context.hide(name, indexShape);
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
