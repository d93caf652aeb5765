/** Distances between what was computed and what the oracle says. */

import { sameShape } from "../../src/tensor/shape.ts";
import { isFloatTensor, type Tensor } from "../../src/tensor/tensor.ts";

/** Of a float reference: relative to the magnitude, 1e-4 for what was accumulated in single precision. */
export const FLOAT_TOLERANCE = 1e-4;
/** Of integers: share of an output's range. */
export const INTEGER_TOLERANCE = 0.01;

/** Largest |x − y| / (1 + |x|); equal infinities and two NaN agree. */
export function floatDistance(expected: ArrayLike<number>, got: ArrayLike<number>): number {
  if (expected.length !== got.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let j = 0; j < expected.length; j++) {
    const [x, y] = [expected[j], got[j]];
    if (Object.is(x, y) || x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const distance = Math.abs(x - y) / (1 + Math.abs(x));
    if (Number.isNaN(distance)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, distance);
  }
  return largest;
}

/** From the least to the largest element, 0 included. */
export function rangeWidth(values: ArrayLike<number>): number {
  let [lo, hi] = [0, 0];
  for (let j = 0; j < values.length; j++) {
    lo = Math.min(lo, values[j]);
    hi = Math.max(hi, values[j]);
  }
  return hi - lo;
}

/** Largest error as a share of the output's range; integers count as equal or not. */
export function integerError(expected: Tensor, got: ArrayLike<number>): number {
  if (expected.data.length !== got.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let j = 0; j < got.length; j++) largest = Math.max(largest, Math.abs(expected.data[j] - got[j]));
  if (!isFloatTensor(expected)) return largest < 1e-6 ? 0 : Number.POSITIVE_INFINITY;
  if (largest < 1e-6) return 0;
  return largest / rangeWidth(expected.data);
}

export function sameShapes(expected: Tensor, got: Tensor): boolean {
  return sameShape(expected.shape, got.shape);
}
