/** Operators at the end of a classifier. */

import { intAttribute } from "../../graph/attributes.ts";
import { sampleAxis } from "../../graph/graph.ts";
import { sameShape } from "../../tensor/shape.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";

function requireLastAxis(context: LoweringContext, axis: number, rank: number): void {
  if (sampleAxis(context.graph, axis, rank) !== rank - 1)
    throw new NotLowerable("works along another axis than the last");
}

/** Left out: the order of the scores stays. Nothing but an ArgMax or the end of the model may follow. */
export const lowerSoftmax: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const [output] = node.outputs;
  const { length: rank } = context.shapeOf(input);
  requireLastAxis(context, intAttribute(node, "axis", node.opset < 13 ? 1 : -1), rank);
  const isLast = context.graph.nodes.every(
    (other) => !other.inputs.includes(output) || other.operator === "ArgMax",
  );
  if (!isLast) throw new NotLowerable("is followed by further operators; it is only supported at the end");
  context.alias(output, input, node.operator);
};

export const lowerArgMax: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const inputShape = context.shapeOf(input);
  requireLastAxis(context, intAttribute(node, "axis", 0), inputShape.length);
  const [output] = node.outputs;
  const shape = context.shapeOf(output);
  const indexShape = inputShape.slice(0, -1);
  const step = {
    kind: "argmax",
    name: node.name,
    input: context.idOf(input),
    graphValue: output,
    shape: indexShape,
  } as const;
  const index = context.add(step);
  if (sameShape(shape, indexShape)) return;
  context.add({ kind: "reshape", name: `${node.name} (keepdims)`, input: index, graphValue: output, shape });
};
