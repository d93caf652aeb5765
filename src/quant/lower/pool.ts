/** Pools and reductions. A maximum over a window is taken axis by axis, and so is a sum. */

import { attribute, intAttribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import type { WindowAxis } from "../../graph/operators/windowRuns.ts";
import { windowAxes, windowSettings } from "../../graph/operators/windows.ts";
import { elementCount, type Shape } from "../../tensor/shape.ts";
import type { MaxAxis, RealId, SumAxis } from "../realProgram.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { defineReshaped } from "./shape.ts";
import { readSpatial, type SpatialValue, spatialOutput } from "./spatial.ts";

/** The windows as the graph states them, or one over each whole axis. */
function windowsOf(node: Node, { spatial }: SpatialValue): readonly WindowAxis[] {
  if (node.operator.startsWith("Global")) {
    const shared = { windows: 1, stride: 1, dilation: 1, padBegin: 0, padEnd: 0 };
    return spatial.map((length) => ({ ...shared, length, kernel: length }));
  }
  const kernel = attribute(node, "kernel_shape", "ints");
  if (kernel === undefined) throw new NotLowerable("has no kernel_shape");
  return windowAxes(node, spatial, windowSettings(node, kernel));
}

/** For each position of the window, which element it covers in each window. */
export function tapsOf(axis: WindowAxis): Int32Array[] {
  const { length, windows, kernel, stride, dilation, padBegin } = axis;
  return Array.from({ length: kernel }, (_, k) =>
    Int32Array.from({ length: windows }, (_, window) => {
      const element = window * stride + k * dilation - padBegin;
      return element >= 0 && element < length ? element : -1;
    }),
  );
}

export const lowerMaxPool: LoweringRule = (context, node) => {
  if (node.outputs.slice(1).some((name) => name !== "")) throw new NotLowerable("has its indices used");
  const value = readSpatial(context, node.inputs[0]);
  const axes = windowsOf(node, value)
    .map((axis, at): MaxAxis => ({ axis: at, taps: tapsOf(axis) }))
    .filter(
      ({ axis, taps: [first, ...others] }) =>
        others.length > 0 || first.length !== value.spatial[axis] || first.some((index, at) => index !== at),
    );
  spatialOutput(context, node.outputs[0], (result, shape) => ({
    kind: "maxPool",
    name: node.name,
    result,
    shape,
    input: value.id,
    axes,
  }));
};

/** How many elements each window covers along an axis; with the padding, where the divisor counts it. */
function coverage(
  { length, windows, kernel, stride, dilation, padBegin, padEnd }: WindowAxis,
  isPaddingCounted: boolean,
): number[] {
  const lo = isPaddingCounted ? -padBegin : 0;
  const hi = isPaddingCounted ? length + padEnd : length;
  return Array.from({ length: windows }, (_, window) => {
    const elements = Array.from({ length: kernel }, (_, k) => window * stride + k * dilation - padBegin);
    return elements.filter((element) => element >= lo && element < hi).length;
  });
}

/** `windowSum` reaches as far as the last window; one that stops earlier needs no padding there. */
function sumAxis({ length, windows, kernel, stride, dilation, padBegin }: WindowAxis, axis: number): SumAxis {
  if (dilation !== 1) throw new NotLowerable("averages over a dilated window");
  const padEnd = Math.max(0, (windows - 1) * stride + kernel - padBegin - length);
  return { axis, size: kernel, stride, padBegin, padEnd };
}

/** Per element of [windows …, C], how much more its window's mean is than the sum over the full window's size. */
function correction(
  counts: readonly (readonly number[])[],
  kernel: number,
  numChannels: number,
): Float64Array {
  let factors = [kernel];
  for (const along of counts) factors = factors.flatMap((factor) => along.map((count) => factor / count));
  return Float64Array.from(
    { length: factors.length * numChannels },
    (_, j) => factors[Math.floor(j / numChannels)],
  );
}

export const lowerAveragePool: LoweringRule = (context, node) => {
  const value = readSpatial(context, node.inputs[0]);
  const windows = windowsOf(node, value);
  const isPaddingCounted = intAttribute(node, "count_include_pad", 0) === 1;
  const counts = windows.map((axis) => coverage(axis, isPaddingCounted));
  const axes = windows.map(sumAxis);
  const kernel = elementCount(windows.map((axis) => axis.kernel));
  const isUniform = counts.every((along, axis) => along.every((count) => count === windows[axis].kernel));
  const shared = { kind: "windowSum", input: value.id, axes, factor: 1 / kernel } as const;
  const [output] = node.outputs;
  if (isUniform) {
    spatialOutput(context, output, (result, shape) => ({ ...shared, name: node.name, result, shape }));
    return;
  }
  spatialOutput(context, output, (result, shape) => {
    const name = `${node.name} (sums)`;
    const left = context.add({ ...shared, name, result: name, shape });
    const data = correction(counts, kernel, value.numChannels);
    const factors = `${node.name} (window sizes)`;
    const right = context.add({ kind: "constant", name: factors, result: factors, shape, data });
    return { kind: "product", name: node.name, result, shape, left, right, activation: null, sums: result };
  });
};

/** The axes of one sample that a reduction runs over. */
function reducedAxes(context: LoweringContext, node: Node, rank: number): number[] {
  const given = attribute(node, "axes", "ints") ?? context.constantInput(node, 1)?.data;
  const axes = given === undefined ? [] : Array.from(given);
  const isAll = axes.length === 0;
  if (isAll && intAttribute(node, "noop_with_empty_axes", 0) === 1) return [];
  if (isAll) return Array.from({ length: rank }, (_, axis) => axis);
  return axes.map((axis) => context.axis(axis, rank));
}

type ReduceStep = (input: RealId, axes: readonly number[], lengths: Shape) => Reduction;
type Reduction =
  | { readonly kind: "maxPool"; readonly input: RealId; readonly axes: readonly MaxAxis[] }
  | {
      readonly kind: "windowSum";
      readonly input: RealId;
      readonly axes: readonly SumAxis[];
      readonly factor: number;
    };

/** Reduces in whatever order the axes lie, keeping them with length 1; a reshape takes them away. */
function lowerReduction(context: LoweringContext, node: Node, stepFor: ReduceStep): void {
  const [input] = node.inputs;
  const shape = context.shapeOf(input);
  const value = context.valueOf(input);
  const order = value.flattened === null ? value.permutation : shape.map((_, axis) => axis);
  const reduced = reducedAxes(context, node, shape.length);
  const id = context.read(input, order);
  const axes = reduced.map((axis) => order[axis]);
  const lengths = reduced.map((axis) => shape[axis]);
  const kept = shape.map((length, axis) => (reduced.includes(axis) ? 1 : length));
  const [output] = node.outputs;
  const graphShape = context.shapeOf(output);
  const removesAxes = graphShape.length !== shape.length;
  const name = removesAxes ? `${output} (axes kept)` : output;
  if (removesAxes) context.hide(name, kept, context.typeOf(output));
  context.addFor(name, order, (result, stepShape) => ({
    ...stepFor(id, axes, lengths),
    name: node.name,
    result,
    shape: stepShape,
  }));
  if (removesAxes) defineReshaped(context, output, name);
}

export const lowerReduceMax: LoweringRule = (context, node) =>
  lowerReduction(context, node, (input, axes, lengths) => ({
    kind: "maxPool",
    input,
    axes: axes.map((axis, at) => ({
      axis,
      taps: Array.from({ length: lengths[at] }, (_, element) => Int32Array.of(element)),
    })),
  }));

function lowerReducedSum(isMean: boolean): LoweringRule {
  return (context, node) =>
    lowerReduction(context, node, (input, axes, lengths) => ({
      kind: "windowSum",
      input,
      axes: axes.map((axis, at) => ({ axis, size: lengths[at], stride: 1, padBegin: 0, padEnd: 0 })),
      factor: isMean ? 1 / elementCount(lengths) : 1,
    }));
}

export const lowerReduceMean: LoweringRule = lowerReducedSum(true);
export const lowerReduceSum: LoweringRule = lowerReducedSum(false);
