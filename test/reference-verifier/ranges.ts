/**
 * Arithmetic of ranges: docs/spec/10-program.md, 10.3.
 */
import type { Range } from "./program.ts";

export const ZERO_RANGE: Range = { lo: 0n, hi: 0n };

/** The least range that holds all values. */
export function rangeOf(values: readonly bigint[]): Range {
  let [lo, hi] = [values[0]!, values[0]!];
  for (const value of values) {
    if (value < lo) lo = value;
    if (value > hi) hi = value;
  }
  return { lo, hi };
}

export function hull(a: Range, b: Range): Range {
  return rangeOf([a.lo, a.hi, b.lo, b.hi]);
}

export function multiplyRanges(a: Range, b: Range): Range {
  return rangeOf([a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi]);
}

export function scaleRange(a: Range, factor: bigint): Range {
  return rangeOf([a.lo * factor, a.hi * factor]);
}

export function addRanges(a: Range, b: Range): Range {
  return { lo: a.lo + b.lo, hi: a.hi + b.hi };
}

export function subtractRanges(a: Range, b: Range): Range {
  return { lo: a.lo - b.hi, hi: a.hi - b.lo };
}
