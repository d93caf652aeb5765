/** Copies in which every axis has its own rule of which source index goes where: Pad, Slice, Tile, nearest Resize. */

import { type Shape, stridesOf } from "../../tensor/shape.ts";
import { elementTypeOf, type Tensor, zeros } from "../../tensor/tensor.ts";

/** Marks an index that comes from nowhere: it holds the fill value. */
export const NOWHERE = -1;

/** For every index along an axis of the output, the index along the same axis of the input, or NOWHERE. */
export type IndexMap = Int32Array;

export function identityMap(length: number): IndexMap {
  return Int32Array.from({ length }, (_, i) => i);
}

/** Of `shape`, with the input's element at [map₀[i], map₁[j], …] at [i, j, …], where map_a is `mapOf(a)`. */
export function takeByMaps(
  input: Tensor,
  shape: Shape,
  mapOf: (axis: number) => IndexMap,
  fill: number,
): Tensor {
  const output = zeros(elementTypeOf(input), shape);
  // Without elements, an axis may be too long to have a map.
  if (output.data.length === 0) return output;
  if (shape.length === 0) {
    output.data.set(input.data);
    return output;
  }
  const maps = shape.map((_, axis) => mapOf(axis));
  const strides = stridesOf(input.shape);
  const inner = maps[maps.length - 1];
  let position = 0;
  const visit = (axis: number, offset: number): void => {
    if (axis < maps.length - 1) {
      for (const index of maps[axis]) {
        visit(axis + 1, index === NOWHERE || offset === NOWHERE ? NOWHERE : offset + index * strides[axis]);
      }
      return;
    }
    for (const index of inner) {
      const absent = index === NOWHERE || offset === NOWHERE;
      output.data[position++] = absent ? fill : input.data[offset + index];
    }
  };
  visit(0, 0);
  return output;
}
