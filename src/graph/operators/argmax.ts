/** ArgMax and ArgMin: the index of the largest or least element along an axis, the lowest index among equals unless said otherwise. */

import { elementCount } from "../../tensor/shape.ts";
import { intAttribute } from "../attributes.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor } from "../operator.ts";
import { axisAttribute } from "./axes.ts";

function argOf(operator: string, isBetter: (a: number, b: number) => boolean): OperatorDefinition {
  return {
    operator,
    infer(node, inputs) {
      const { shape } = requiredFacts(node, inputs, 0);
      const axis = axisAttribute(node, shape, 0);
      const kept = intAttribute(node, "keepdims", 1) === 1 ? [1] : [];
      return [{ shape: [...shape.slice(0, axis), ...kept, ...shape.slice(axis + 1)], type: "int64" }];
    },
    evaluate(node, inputs, [outputShape]) {
      const { data, shape } = requiredTensor(node, inputs, 0);
      const axis = axisAttribute(node, shape, 0);
      const takesLast = intAttribute(node, "select_last_index", 0) === 1;
      const count = shape[axis];
      const step = elementCount(shape.slice(axis + 1));
      const output = new Float64Array(elementCount(outputShape));
      for (let position = 0; position < output.length; position++) {
        const start = Math.floor(position / step) * count * step + (position % step);
        let best = 0;
        for (let i = 1; i < count; i++) {
          const [value, most] = [data[start + i * step], data[start + best * step]];
          if (isBetter(value, most) || (takesLast && value === most)) best = i;
        }
        output[position] = best;
      }
      return [{ shape: outputShape, data: output }];
    },
  };
}

export const argmax: OperatorDefinition = argOf("ArgMax", (a, b) => a > b);
export const argmin: OperatorDefinition = argOf("ArgMin", (a, b) => a < b);
