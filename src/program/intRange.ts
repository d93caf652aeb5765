import type { IntRange } from "./program.ts";

/** Number of integers in the range. */
export function rangeSize(range: IntRange): number {
  return range.hi - range.lo + 1;
}

export function rangeContains(outer: IntRange, inner: IntRange): boolean {
  return outer.lo <= inner.lo && inner.hi <= outer.hi;
}

export function sameRange(a: IntRange, b: IntRange): boolean {
  return a.lo === b.lo && a.hi === b.hi;
}

/** The least range that covers all of these; of at least one. */
export function hullOf(ranges: readonly IntRange[]): IntRange {
  let { lo, hi } = ranges[0];
  for (const range of ranges) {
    lo = Math.min(lo, range.lo);
    hi = Math.max(hi, range.hi);
  }
  return { lo, hi };
}

/** The largest absolute value in the range. */
export function maxAbs(range: IntRange): number {
  return Math.max(Math.abs(range.lo), Math.abs(range.hi));
}

/**
 * The smallest range [−2^j or 0, 2^k − 1] that covers `range` and 0. Published bounds are rounded this way, because
 * the exact bounds that follow from secret weights would say something about their norms.
 */
export function roundRangeOutward(range: IntRange): IntRange {
  let hi = 1;
  while (hi - 1 < range.hi) hi *= 2;
  if (range.lo >= 0) return { lo: 0, hi: hi - 1 };
  let lo = -1;
  while (lo > range.lo) lo *= 2;
  return { lo, hi: hi - 1 };
}

/** Whether `roundRangeOutward` leaves the range as it is. */
export function isRoundedOutward(range: IntRange): boolean {
  return sameRange(roundRangeOutward(range), range);
}
