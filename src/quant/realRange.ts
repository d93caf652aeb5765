import { bitsOf, INTEGER_RANGES } from "../graph/integers.ts";
import type { IntRange, QuantParams } from "../program/program.ts";
import type { IntegerType } from "../tensor/tensor.ts";

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

/**
 * The scale, or a power of two a little above it where all values are multiples of that: then they are held exactly, and
 * what decides at an integer or a half decides as in the model.
 */
export function withExactGrid(form: IntegerForm, values: Float32Array): IntegerForm {
  const scale = 2 ** Math.ceil(Math.log2(form.quant.scale));
  if (!values.every((value) => Number.isInteger(value / scale))) return form;
  return { range: form.range, quant: { scale, zeroPoint: 0 } };
}

/** Integers of more bits than this are declared as wide as their samples are, not as their type is. */
const MAX_TYPE_BITS = 8;

/**
 * Integers as they are: all of a type of 8 bits or a truth value; of wider types a range [−2^b or 0, 2^b − 1] that holds
 * the samples.
 */
export function exactForm(type: IntegerType, real: RealRange): IntegerForm {
  const quant = { scale: 1, zeroPoint: 0 };
  const [lo, hi] = INTEGER_RANGES[type];
  if (bitsOf(type) <= MAX_TYPE_BITS) return { range: { lo, hi }, quant };
  let bound = 1;
  while (bound - 1 < real.hi || bound < -real.lo) bound *= 2;
  return { range: { lo: real.lo < 0 ? -bound : 0, hi: bound - 1 }, quant };
}
