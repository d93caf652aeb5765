/** Multiplying by and adding one constant per channel. */

import { broadcastStrides, elementCount, type Shape, sameShape } from "../../tensor/shape.ts";
import { walkStrided } from "../../tensor/strided.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { LoweringContext } from "./context.ts";
import { channelsLast, identityPermutation } from "./layout.ts";

export interface NamedConstant {
  readonly name: string;
  readonly tensor: Tensor;
}

/** y = factor · x + offset, constants broadcast along one axis; null: 1 or 0. Constants have the graph's full shapes. */
export interface ChannelAffine {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly factor: NamedConstant | null;
  readonly offset: NamedConstant | null;
}

/** A constant's shape over one sample: without the batch axis, which must not be stretched over, padded with 1s. */
export function sampleShape(context: LoweringContext, shape: Shape, rank: number): Shape | null {
  const full = context.graph.batched ? rank + 1 : rank;
  if (shape.length > full) return null;
  const padded = [...new Array<number>(full - shape.length).fill(1), ...shape];
  if (!context.graph.batched) return padded;
  return padded[0] === 1 ? padded.slice(1) : null;
}

/** The one axis along which the constants vary; `null` if there are several or they do not fit. */
export function variedAxis(
  context: LoweringContext,
  target: Shape,
  constants: readonly (Tensor | undefined)[],
): number | null {
  let varied: number | null = null;
  for (const constant of constants) {
    if (constant === undefined) continue;
    const shape = sampleShape(context, constant.shape, target.length);
    if (shape === null) return null;
    for (let axis = 0; axis < shape.length; axis++) {
      if (shape[axis] === 1) continue;
      if (shape[axis] !== target[axis] || (varied !== null && varied !== axis)) return null;
      varied = axis;
    }
  }
  return varied ?? Math.max(0, target.length - 1);
}

/** The elements of a constant broadcast to `target`, one sample's shape. */
export function broadcastData(context: LoweringContext, tensor: Tensor, target: Shape): Float64Array {
  const shape = sampleShape(context, tensor.shape, target.length);
  if (shape !== null && sameShape(shape, target)) return Float64Array.from(tensor.data);
  const data = new Float64Array(elementCount(target));
  walkStrided(target, broadcastStrides(shape ?? tensor.shape, target), (position, offset) => {
    data[position] = tensor.data[offset];
  });
  return data;
}

/** An order of axes with this one last: channels last where it is the first. */
function orderWithLast(rank: number, axis: number): number[] {
  if (axis === rank - 1) return identityPermutation(rank);
  if (axis === 0) return channelsLast(rank);
  return Array.from({ length: rank }, (_, at) => (at === axis ? rank - 1 : at < axis ? at : at - 1));
}

/** The order in which a value lies already, if this axis is its last; otherwise one in which it is. */
export function channelOrder(context: LoweringContext, name: string, axis: number): readonly number[] {
  const { permutation, flattened } = context.valueOf(name);
  const rank = context.shapeOf(name).length;
  return flattened === null && permutation[axis] === rank - 1 ? permutation : orderWithLast(rank, axis);
}

/** Adds the step that multiplies by factor[c] and adds offset[c], c the index along `axis` of the graph's tensor. */
export function addAffineAlong(
  context: LoweringContext,
  names: { readonly name: string; readonly input: string; readonly output: string },
  axis: number,
  factor: Float64Array,
  offset: Float64Array,
  constantNames: { readonly factor: string; readonly offset: string },
): void {
  const { name, input, output } = names;
  const order = channelOrder(context, input, axis);
  const id = context.read(input, order);
  context.addFor(output, order, (result, shape) => ({
    kind: "channelAffine",
    name,
    result,
    shape,
    input: id,
    factor,
    offset,
    constantNames,
  }));
}

/** As one step, if the constants vary along one axis only; says whether they do. */
export function addChannelAffine(context: LoweringContext, affine: ChannelAffine): boolean {
  const { input, factor, offset } = affine;
  const target = context.shapeOf(input);
  const axis = variedAxis(context, target, [factor?.tensor, offset?.tensor]);
  if (axis === null) return false;
  const length = target[axis] ?? 1;
  const spread = (constant: NamedConstant | null, none: number): Float64Array => {
    if (constant === null) return new Float64Array(length).fill(none);
    const { data } = constant.tensor;
    return Float64Array.from({ length }, (_, channel) => data[data.length === 1 ? 0 : channel]);
  };
  const names = { factor: factor?.name ?? "", offset: offset?.name ?? "" };
  addAffineAlong(context, affine, axis, spread(factor, 1), spread(offset, 0), names);
  return true;
}
