import { floatAttribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import type { RealFunction } from "../realProgram.ts";
import type { LoweringContext, LoweringRule } from "./context.ts";

function activate(context: LoweringContext, node: Node, f: RealFunction): void {
  const input = context.dataInput(node);
  const output = node.outputs[0];
  const open = context.openDense(input);
  if (open !== undefined) {
    context.extend(open, { ...open, graphValue: output, activation: { name: node.name, function: f } });
    return;
  }
  context.add({
    kind: "activation",
    name: node.name,
    input: context.idOf(input),
    graphValue: output,
    shape: context.shapeOf(output),
    function: f,
  });
}

export const lowerRelu: LoweringRule = (context, node) =>
  activate(context, node, { kind: "clamp", lo: 0, hi: Number.POSITIVE_INFINITY });

export const lowerClip: LoweringRule = (context, node) => {
  const bound = (position: number, attribute: string, none: number): number =>
    context.constantInput(node, position)?.data[0] ?? floatAttribute(node, attribute, none);
  const lo = bound(1, "min", Number.NEGATIVE_INFINITY);
  activate(context, node, { kind: "clamp", lo, hi: bound(2, "max", Number.POSITIVE_INFINITY) });
};

/** Any operator that maps each element by itself: its values become a table. */
export const lowerPointwise: LoweringRule = (context, node) =>
  activate(context, node, { kind: "operator", node });
