import type { IntRange, QuantParams } from "../program/program.ts";

/** Inclusive bounds of real numbers. */
export interface RealRange {
  readonly lo: number;
  readonly hi: number;
}

/** The least range that holds all values; [0, 0] for none. */
export function rangeOfValues(values: ArrayLike<number>): RealRange {
  let lo = values.length === 0 ? 0 : values[0];
  let hi = lo;
  for (let j = 1; j < values.length; j++) {
    if (values[j] < lo) lo = values[j];
    if (values[j] > hi) hi = values[j];
  }
  return { lo, hi };
}

/** How the real numbers of a range are held as integers of a number of bits. Zero points are 0 throughout. */
export interface IntegerForm {
  readonly range: IntRange;
  readonly quant: QuantParams;
}

/**
 * Unsigned integers [0, 2^bits − 1], or signed ones [−2^(bits−1), 2^(bits−1) − 1], with the scale at which the farthest
 * bound is the largest positive integer. A range of zeros gets a scale of 1.
 */
export function integerForm(real: RealRange, isSigned: boolean, bits: number): IntegerForm {
  const range = isSigned ? { lo: -(2 ** (bits - 1)), hi: 2 ** (bits - 1) - 1 } : { lo: 0, hi: 2 ** bits - 1 };
  const farthest = Math.max(Math.abs(real.lo), Math.abs(real.hi));
  const scale = farthest / range.hi;
  // A scale that underflows would make every integer mean 0.
  return { range, quant: { scale: scale >= 2 ** -1000 ? scale : 1, zeroPoint: 0 } };
}
