/** Comparisons of real numbers with thresholds, as comparisons of integers. */

import type { IntRange } from "../program/program.ts";

/**
 * The largest q in the range whose real number scale · q, in single precision, is at most t; lo − 1 where none is. So
 * scale · q ≤ t exactly where q is at most that.
 */
export function integerThreshold(t: number, scale: number, { lo, hi }: IntRange): number {
  const isAtMost = (q: number): boolean => Math.fround(q * scale) <= t;
  if (isAtMost(hi)) return hi;
  if (!isAtMost(lo)) return lo - 1;
  // Monotone in q: rounding may move the place by a few steps from t / scale.
  let [low, high] = [lo, hi];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isAtMost(middle)) low = middle;
    else high = middle;
  }
  return low;
}
