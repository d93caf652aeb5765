import { sameShape } from "../../tensor/shape.ts";
import { type LoweringRule, NotLowerable } from "./context.ts";

/** Operators that keep the elements and their order. */
export const lowerReshape: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const output = node.outputs[0];
  const shape = context.shapeOf(output);
  if (sameShape(shape, context.shapeOf(input))) {
    context.alias(output, input);
    return;
  }
  if (context.strippedBefore(input).length > 0)
    throw new NotLowerable("follows a Softmax, which must come last");
  context.add({ kind: "reshape", name: node.name, input: context.idOf(input), graphValue: output, shape });
};

/** Operators that hand their input on. */
export const lowerIdentity: LoweringRule = (context, node) =>
  context.alias(node.outputs[0], context.dataInput(node));

export const lowerCast: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const output = node.outputs[0];
  const from = context.graph.values.get(input)?.type;
  const to = context.graph.values.get(output)?.type;
  if (from === "float32" && to === "int64") throw new NotLowerable("rounds a computed tensor to integers");
  context.alias(output, input);
};
