/** MaxPool and AveragePool over any number of spatial axes. */

import { formatShape, type Shape } from "../../tensor/shape.ts";
import { elementTypeOf, type Tensor, zeros } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";
import { type WindowAxis, type WindowRuns, windowRuns } from "./windowRuns.ts";
import { autoPadProblem, windowAxes, windowSettings } from "./windows.ts";

/** Pools one plane of `data`, which begins at `plane`, into `results`. */
type PoolPlane = (data: Tensor["data"], plane: number, results: Float64Array) => void;

function pool(
  operator: string,
  planePool: (node: Node, axes: readonly WindowAxis[], runs: WindowRuns) => PoolPlane,
  unsupported: (node: Node) => string | undefined,
): OperatorDefinition {
  return {
    operator,
    unsupported,
    infer(node, inputs) {
      const { shape, type } = requiredFacts(node, inputs, 0);
      if (shape.length < 3)
        throw shapeMismatch(node, `has an input without spatial axes, ${formatShape(shape)}`);
      const windows = axesOf(node, shape).map((axis) => axis.windows);
      return [{ shape: [shape[0], shape[1], ...windows], type }];
    },
    evaluate(node, inputs, [outputShape]) {
      const input = requiredTensor(node, inputs, 0);
      const axes = axesOf(node, input.shape);
      const runs = windowRuns(axes);
      const poolPlane = planePool(node, axes, runs);
      const output = zeros(elementTypeOf(input), outputShape);
      const results = new Float64Array(runs.windows);
      const planes = outputShape[0] * outputShape[1];
      for (let plane = 0; plane < planes; plane++) {
        poolPlane(input.data, plane * runs.elements, results);
        output.data.set(results, plane * runs.windows);
      }
      return [output];
    },
  };
}

function axesOf(node: Node, input: Shape): readonly WindowAxis[] {
  const kernel = attribute(node, "kernel_shape", "ints");
  if (kernel === undefined) throw shapeMismatch(node, "has no kernel_shape");
  return windowAxes(node, input.slice(2), windowSettings(node, kernel));
}

function largest(_node: Node, _axes: readonly WindowAxis[], runs: WindowRuns): PoolPlane {
  const { step, windowAt, elementAt, lengths } = runs;
  return (data, plane, results) => {
    results.fill(Number.NEGATIVE_INFINITY);
    for (let run = 0; run < lengths.length; run++) {
      const from = plane + elementAt[run];
      const to = windowAt[run];
      for (let j = 0; j < lengths[run]; j++)
        results[to + j] = Math.max(results[to + j], data[from + j * step]);
    }
  };
}

function mean(node: Node, axes: readonly WindowAxis[], runs: WindowRuns): PoolPlane {
  const { step, windowAt, elementAt, lengths } = runs;
  const counts = divisors(axes, intAttribute(node, "count_include_pad", 0) === 1);
  return (data, plane, results) => {
    results.fill(0);
    for (let run = 0; run < lengths.length; run++) {
      const from = plane + elementAt[run];
      const to = windowAt[run];
      for (let j = 0; j < lengths[run]; j++) results[to + j] += data[from + j * step];
    }
    for (let window = 0; window < results.length; window++) results[window] /= counts[window];
  };
}

/** What each window's sum is divided by: the elements it covers, those of the padding included or not. */
function divisors(axes: readonly WindowAxis[], includePadding: boolean): readonly number[] {
  let counts = [1];
  for (const { length, windows, kernel, stride, dilation, padBegin, padEnd } of axes) {
    const lo = includePadding ? -padBegin : 0;
    const hi = includePadding ? length + padEnd : length;
    const along = Array.from({ length: windows }, (_, window) => {
      const first = window * stride - padBegin;
      const skipped = Math.max(0, Math.ceil((lo - first) / dilation));
      return Math.min(kernel, Math.ceil((hi - first) / dilation)) - skipped;
    });
    counts = counts.flatMap((count) => along.map((n) => count * n));
  }
  return counts;
}

export const maxPool: OperatorDefinition = pool("MaxPool", largest, (node) =>
  node.outputs[1] ? "its Indices output is used" : autoPadProblem(node),
);
export const averagePool: OperatorDefinition = pool("AveragePool", mean, autoPadProblem);
