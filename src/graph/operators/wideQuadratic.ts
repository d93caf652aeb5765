/**
 * Quadratic forms over rows of features in their own units: y_m = x·Q_m·x + W_m·x + b_m. Inputs: W [M, F], b [M], Q [M, F, F]
 * or [1, F, F] for one that all share, then tensors […, F_i] whose features, one after the other, are the F of x. On the way
 * to integers the features keep as many bits as their values need, each tensor with a scale of its own.
 */

import { floatTensor } from "../../tensor/tensor.ts";
import { type OperatorDefinition, requiredTensor } from "../operator.ts";
import { wideLinear } from "./wideLinear.ts";

export const WIDE_QUADRATIC = "WideQuadratic";

/** Adds x·Q_m·x to y [rows, M]. */
export function addQuadratic(
  y: Float64Array,
  x: Float64Array,
  quadratic: ArrayLike<number>,
  numFeatures: number,
): void {
  const size = numFeatures ** 2;
  const rows = x.length / numFeatures;
  const numOutputs = y.length / rows;
  const numForms = quadratic.length / size;
  for (let row = 0; row < rows; row++) {
    const sums = new Float64Array(numForms);
    for (let at = 0; at < quadratic.length; at++) {
      if (quadratic[at] === 0) continue;
      const [i, j] = [Math.floor((at % size) / numFeatures), at % numFeatures];
      sums[Math.floor(at / size)] += quadratic[at] * x[row * numFeatures + i] * x[row * numFeatures + j];
    }
    for (let m = 0; m < numOutputs; m++) y[row * numOutputs + m] += sums[numForms === 1 ? 0 : m];
  }
}

/** Rows of tensors that stand one after the other. */
export function joinedRows(parts: readonly ArrayLike<number>[], columns: readonly number[]): Float64Array {
  const total = columns.reduce((sum, count) => sum + count, 0);
  const rows = parts[0].length / columns[0];
  const x = new Float64Array(rows * total);
  let first = 0;
  parts.forEach((data, i) => {
    for (let at = 0; at < data.length; at++)
      x[Math.floor(at / columns[i]) * total + first + (at % columns[i])] = data[at];
    first += columns[i];
  });
  return x;
}

export const wideQuadratic: OperatorDefinition = {
  operator: WIDE_QUADRATIC,
  infer: (node, [weight, bias, , ...parts], context) => {
    const inputs = [...node.inputs.slice(0, 2), ...node.inputs.slice(3)];
    return wideLinear.infer({ ...node, inputs }, [weight, bias, ...parts], context);
  },
  evaluate(node, inputs, [shape]) {
    const [weight, bias, quadratic] = [0, 1, 2].map((i) => requiredTensor(node, inputs, i));
    const parts = node.inputs.slice(3).map((_, i) => requiredTensor(node, inputs, i + 3));
    const [numOutputs, numFeatures] = weight.shape;
    const x = joinedRows(
      parts.map(({ data }) => data),
      parts.map((part) => part.shape[part.shape.length - 1]),
    );
    const out = new Float64Array((x.length / numFeatures) * numOutputs);
    for (let at = 0; at < out.length; at++) {
      const [row, m] = [Math.floor(at / numOutputs), at % numOutputs];
      out[at] = bias.data[m];
      for (let j = 0; j < numFeatures; j++)
        out[at] += weight.data[m * numFeatures + j] * x[row * numFeatures + j];
    }
    addQuadratic(out, x, quadratic.data, numFeatures);
    return [floatTensor(shape, Float32Array.from(out))];
  },
};
