/** ArgMax: the index of the largest element along an axis, the lowest index among equals. */

import { elementCount, resolveAxis, type Shape } from "../../tensor/shape.ts";
import { intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";

function axisOf(node: Node, shape: Shape): number {
  const axis = resolveAxis(intAttribute(node, "axis", 0), shape.length);
  if (axis === undefined) throw shapeMismatch(node, `axis is outside a tensor of ${shape.length} axes`);
  return axis;
}

export const argmax: OperatorDefinition = {
  operator: "ArgMax",
  unsupported: (node) =>
    intAttribute(node, "select_last_index", 0) === 1
      ? "select_last_index = 1 (the last among equals)"
      : undefined,
  infer(node, inputs) {
    const { shape } = requiredFacts(node, inputs, 0);
    const axis = axisOf(node, shape);
    const kept = intAttribute(node, "keepdims", 1) === 1 ? [1] : [];
    return [{ shape: [...shape.slice(0, axis), ...kept, ...shape.slice(axis + 1)], type: "int64" }];
  },
  evaluate(node, inputs, [outputShape]) {
    const { data, shape } = requiredTensor(node, inputs, 0);
    const axis = axisOf(node, shape);
    const count = shape[axis];
    const step = elementCount(shape.slice(axis + 1));
    const output = new Float64Array(elementCount(outputShape));
    for (let position = 0; position < output.length; position++) {
      const start = Math.floor(position / step) * count * step + (position % step);
      let best = 0;
      for (let i = 1; i < count; i++) {
        if (data[start + i * step] > data[start + best * step]) best = i;
      }
      output[position] = best;
    }
    return [{ shape: outputShape, data: output }];
  },
};
