/** GlobalAveragePool and GlobalMaxPool: one number for each channel. */

import { elementCount, formatShape } from "../../tensor/shape.ts";
import { elementTypeOf, type Tensor, zeros } from "../../tensor/tensor.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";

/** `summarise` makes one number of the elements from `start` up to `end`. */
function globalPool(
  operator: string,
  summarise: (data: Tensor["data"], start: number, end: number) => number,
): OperatorDefinition {
  return {
    operator,
    infer(node, inputs) {
      const { shape, type } = requiredFacts(node, inputs, 0);
      if (shape.length < 3 || elementCount(shape.slice(2)) === 0)
        throw shapeMismatch(node, `has an input without spatial elements, ${formatShape(shape)}`);
      return [{ shape: shape.map((length, axis) => (axis < 2 ? length : 1)), type }];
    },
    evaluate(node, inputs, [shape]) {
      const input = requiredTensor(node, inputs, 0);
      const output = zeros(elementTypeOf(input), shape);
      const run = elementCount(input.shape.slice(2));
      for (let i = 0; i < output.data.length; i++)
        output.data[i] = summarise(input.data, i * run, (i + 1) * run);
      return [output];
    },
  };
}

export const globalAveragePool: OperatorDefinition = globalPool("GlobalAveragePool", (data, start, end) => {
  let sum = 0;
  for (let i = start; i < end; i++) sum += data[i];
  return sum / (end - start);
});

export const globalMaxPool: OperatorDefinition = globalPool("GlobalMaxPool", (data, start, end) => {
  let max = data[start];
  for (let i = start + 1; i < end; i++) max = Math.max(max, data[i]);
  return max;
});
