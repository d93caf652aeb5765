/** Softmax and LogSoftmax along an axis. */

import type { Shape } from "../../tensor/shape.ts";
import { elementCount, resolveAxis } from "../../tensor/shape.ts";
import type { FloatTensor } from "../../tensor/tensor.ts";
import { intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import {
  mixesSamples,
  type OperatorDefinition,
  requiredFacts,
  requiredTensor,
  shapeMismatch,
} from "../operator.ts";

/** The elements that sum to one: `count` of them, `step` apart. */
interface Line {
  readonly count: number;
  readonly step: number;
}

function lineOf(node: Node, shape: Shape): Line {
  const axis = resolveAxis(intAttribute(node, "axis", node.opset < 13 ? 1 : -1), shape.length);
  if (axis === undefined) throw shapeMismatch(node, `axis is outside a tensor of ${shape.length} axes`);
  // Before operator set 13 everything from the axis on was one line.
  if (node.opset < 13) return { count: elementCount(shape.slice(axis)), step: 1 };
  return { count: shape[axis], step: elementCount(shape.slice(axis + 1)) };
}

function softmaxFamily(
  operator: string,
  finish: (x: number, max: number, sum: number) => number,
): OperatorDefinition {
  return {
    operator,
    infer(node, inputs, { batch }) {
      const { shape } = requiredFacts(node, inputs, 0);
      const { count, step } = lineOf(node, shape);
      if (batch !== undefined && count * step === elementCount(shape)) {
        throw mixesSamples(node, "normalises over the batch axis");
      }
      return [{ shape, type: "float32" }];
    },
    evaluate(node, inputs, [shape]) {
      const { data } = requiredTensor(node, inputs, 0) as FloatTensor;
      const output = new Float32Array(data.length);
      const { count, step } = lineOf(node, shape);
      for (let block = 0; block < data.length; block += count * step) {
        for (let start = block; start < block + step; start++) {
          let max = Number.NEGATIVE_INFINITY;
          for (let i = 0; i < count; i++) max = Math.max(max, data[start + i * step]);
          let sum = 0;
          for (let i = 0; i < count; i++) sum += Math.exp(data[start + i * step] - max);
          for (let i = 0; i < count; i++) output[start + i * step] = finish(data[start + i * step], max, sum);
        }
      }
      return [{ shape, data: output }];
    },
  };
}

export const softmax: OperatorDefinition = softmaxFamily("Softmax", (x, max, sum) => Math.exp(x - max) / sum);
export const logSoftmax: OperatorDefinition = softmaxFamily(
  "LogSoftmax",
  (x, max, sum) => x - max - Math.log(sum),
);
