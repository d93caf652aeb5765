/** Walks of a tensor in the order of another shape: the basis of broadcasting and transposition. */

import { elementCount, type Shape } from "./shape.ts";

/**
 * Source offsets of the elements of a row-major tensor of shape `shape`, where one step along axis i moves
 * `strides[i]` elements in the source. Calls `visit` with consecutive positions 0, 1, 2, …
 */
export function walkStrided(
  shape: Shape,
  strides: readonly number[],
  visit: (position: number, offset: number) => void,
): void {
  const count = elementCount(shape);
  const rank = shape.length;
  const index = new Int32Array(rank);
  let offset = 0;
  for (let position = 0; position < count; position++) {
    visit(position, offset);
    for (let axis = rank - 1; axis >= 0; axis--) {
      offset += strides[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

/** Like `walkStrided` over two sources at once. */
export function walkStridedPair(
  shape: Shape,
  stridesA: readonly number[],
  stridesB: readonly number[],
  visit: (position: number, offsetA: number, offsetB: number) => void,
): void {
  const count = elementCount(shape);
  const rank = shape.length;
  const index = new Int32Array(rank);
  let offsetA = 0;
  let offsetB = 0;
  for (let position = 0; position < count; position++) {
    visit(position, offsetA, offsetB);
    for (let axis = rank - 1; axis >= 0; axis--) {
      offsetA += stridesA[axis];
      offsetB += stridesB[axis];
      if (++index[axis] < shape[axis]) break;
      offsetA -= stridesA[axis] * shape[axis];
      offsetB -= stridesB[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}
