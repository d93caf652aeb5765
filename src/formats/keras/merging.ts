/** Layers of several inputs: Add, Subtract, Multiply and Concatenate. */

import type { Attribute } from "../../graph/node.ts";
import { emitBetween, type Layer } from "./layer.ts";

/** From left to right where there are more than two. */
export function merge(operator: "Add" | "Sub" | "Mul"): Layer {
  return (step) => {
    const { name, inputs, builder } = step;
    if (inputs.length < 2) return `it has ${inputs.length} inputs`;
    const [last, ...rest] = inputs.toReversed();
    const [first, ...middle] = rest.reverse();
    const left = middle.reduce((sum, input) => emitBetween(step, "partial", operator, [sum, input]), first);
    builder.addNode({ name, operator, inputs: [left, last], output: name });
    return undefined;
  };
}

export const concatenate: Layer = ({ name, config, inputs, builder }) => {
  const { axis = -1 } = config;
  if (typeof axis !== "number" || axis === 0) return "it joins different samples";
  const attributes: Readonly<Record<string, Attribute>> = { axis: { type: "int", value: axis } };
  builder.addNode({ name, operator: "Concat", inputs, output: name, attributes });
  return undefined;
};
