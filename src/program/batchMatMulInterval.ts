import { productRange } from "./declaredRanges.ts";
import { commonPeriod, type Interval, repeatInterval, uniformInterval } from "./interval.ts";

/** Bounds of left · rightᵀ: sums over the last axis of the left, any entry of the right at each of its places. */
export function batchMatMulInterval(left: Interval, right: Interval, shape: readonly number[]): Interval {
  const length = shape[shape.length - 1];
  const period = (interval: Interval): number => commonPeriod(interval.lo.length, length);
  const rows = repeatInterval(left, period(left));
  const columns = repeatInterval(right, period(right));
  // By position along the contracted axis, whatever the row.
  const at = ({ lo, hi }: Interval, k: number) => {
    const own = { lo: Infinity, hi: -Infinity };
    for (let j = k; j < lo.length; j += length) {
      own.lo = Math.min(own.lo, lo[j]);
      own.hi = Math.max(own.hi, hi[j]);
    }
    return own;
  };
  let lo = 0;
  let hi = 0;
  for (let k = 0; k < length; k++) {
    const product = productRange(at(rows, k), at(columns, k));
    lo += product.lo;
    hi += product.hi;
  }
  return uniformInterval({ lo, hi }, 1);
}
