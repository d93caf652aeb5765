/** The Reduce operators: axes summarised into one number each. */

import { elementCount, formatShape, resolveAxis, type Shape, stridesOf } from "../../tensor/shape.ts";
import { walkStrided } from "../../tensor/strided.ts";
import { elementTypeOf, zeros } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import {
  type OperatorDefinition,
  requiredFacts,
  requiredIntegers,
  requiredTensor,
  shapeMismatch,
} from "../operator.ts";

/** Which axes vanish. `given` are those of the second input, where they stand since operator set 13 or 18. */
function reducedAxes(node: Node, shape: Shape, given: readonly number[] | undefined): ReadonlySet<number> {
  const axes = given ?? attribute(node, "axes", "ints") ?? [];
  if (axes.length === 0) {
    const none = intAttribute(node, "noop_with_empty_axes", 0) === 1;
    return new Set(none ? [] : shape.keys());
  }
  return new Set(
    axes.map((axis) => {
      const resolved = resolveAxis(axis, shape.length);
      if (resolved === undefined) throw shapeMismatch(node, `axis ${axis} is outside ${formatShape(shape)}`);
      return resolved;
    }),
  );
}

function reduction(
  operator: string,
  start: number,
  combine: (sum: number, x: number) => number,
  finish: (sum: number, count: number) => number = (sum) => sum,
): OperatorDefinition {
  return {
    operator,
    infer(node, inputs) {
      const { shape, type } = requiredFacts(node, inputs, 0);
      const given = inputs[1] === undefined ? undefined : requiredIntegers(node, inputs, 1);
      const reduced = reducedAxes(node, shape, given);
      const keep = intAttribute(node, "keepdims", 1) === 1;
      const lengths = shape.map((length, axis) => (reduced.has(axis) ? 1 : length));
      return [{ shape: keep ? lengths : lengths.filter((_, axis) => !reduced.has(axis)), type }];
    },
    evaluate(node, inputs, [outputShape]) {
      const input = requiredTensor(node, inputs, 0);
      const reduced = reducedAxes(node, input.shape, inputs[1] && Array.from(inputs[1].data));
      const kept = stridesOf(input.shape.map((length, axis) => (reduced.has(axis) ? 1 : length)));
      const strides = kept.map((stride, axis) => (reduced.has(axis) ? 0 : stride));
      const sums = new Float64Array(elementCount(outputShape)).fill(start);
      walkStrided(input.shape, strides, (position, offset) => {
        sums[offset] = combine(sums[offset], input.data[position]);
      });
      const output = zeros(elementTypeOf(input), outputShape);
      const count = input.data.length / sums.length;
      for (let i = 0; i < sums.length; i++) output.data[i] = finish(sums[i], count);
      return [output];
    },
  };
}

export const reduceSum: OperatorDefinition = reduction("ReduceSum", 0, (sum, x) => sum + x);
export const reduceMean: OperatorDefinition = reduction(
  "ReduceMean",
  0,
  (sum, x) => sum + x,
  (sum, count) => sum / count,
);
export const reduceProd: OperatorDefinition = reduction("ReduceProd", 1, (product, x) => product * x);
export const reduceSumSquare: OperatorDefinition = reduction("ReduceSumSquare", 0, (sum, x) => sum + x * x);
export const reduceL1: OperatorDefinition = reduction("ReduceL1", 0, (sum, x) => sum + Math.abs(x));
export const reduceL2: OperatorDefinition = reduction("ReduceL2", 0, (sum, x) => sum + x * x, Math.sqrt);
export const reduceLogSum: OperatorDefinition = reduction("ReduceLogSum", 0, (sum, x) => sum + x, Math.log);
export const reduceMax: OperatorDefinition = reduction("ReduceMax", Number.NEGATIVE_INFINITY, Math.max);
export const reduceMin: OperatorDefinition = reduction("ReduceMin", Number.POSITIVE_INFINITY, Math.min);

/** log Σ exp(x), the sum relative to the largest seen so far so that nothing overflows. */
export const reduceLogSumExp: OperatorDefinition = reduction(
  "ReduceLogSumExp",
  Number.NEGATIVE_INFINITY,
  (logarithm, x) => {
    const largest = Math.max(logarithm, x);
    return largest === Number.NEGATIVE_INFINITY
      ? largest
      : largest + Math.log(Math.exp(logarithm - largest) + Math.exp(x - largest));
  },
);
