import { roundingOffset } from "./noWrap.ts";
import type { IntRange, ProgramConstant, Requantise } from "./program.ts";

/**
 * Bounds for the elements of one sample's tensor, row-major, repeated along it: element j has lo[j mod n] and hi[j mod n],
 * n a divisor of the tensor's size. So n = 1 bounds all elements alike, n = C the channels of [L_1 … L_n, C], and n = the
 * size each element by itself. Integers below 2^53 in absolute value.
 */
export interface Interval {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/** The same bounds for each of `size` elements. */
export function uniformInterval(range: IntRange, size: number): Interval {
  return { lo: new Float64Array(size).fill(range.lo), hi: new Float64Array(size).fill(range.hi) };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The least length that both divide. Of two divisors of a tensor's size it is one, too. */
export function commonPeriod(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}

/** The same bounds over `period` elements, a multiple of their number. */
export function repeatInterval(interval: Interval, period: number): Interval {
  const { length } = interval.lo;
  if (length === period) return interval;
  const lo = new Float64Array(period);
  const hi = new Float64Array(period);
  for (let start = 0; start < period; start += length) {
    lo.set(interval.lo, start);
    hi.set(interval.hi, start);
  }
  return { lo, hi };
}

/** Bounds that repeat after `period` elements: the hull of the given ones where those do not. */
export function foldInterval(interval: Interval, period: number): Interval {
  const { length } = interval.lo;
  if (length === period) return interval;
  const lo = new Float64Array(period).fill(Infinity);
  const hi = new Float64Array(period).fill(-Infinity);
  const common = commonPeriod(length, period);
  for (let j = 0, from = 0, to = 0; j < common; j++) {
    if (interval.lo[from] < lo[to]) lo[to] = interval.lo[from];
    if (interval.hi[from] > hi[to]) hi[to] = interval.hi[from];
    if (++from === length) from = 0;
    if (++to === period) to = 0;
  }
  return { lo, hi };
}

/** The least range that covers all elements. */
export function intervalHull(interval: Interval): IntRange {
  let lo = Infinity;
  let hi = -Infinity;
  for (let j = 0; j < interval.lo.length; j++) {
    lo = Math.min(lo, interval.lo[j]);
    hi = Math.max(hi, interval.hi[j]);
  }
  return { lo, hi };
}

/** Beyond so many products all rows share the hull of their bounds. */
const MAX_INTERVAL_PRODUCTS = 2 ** 26;

/**
 * Bounds of bias + input · weightᵀ, input of rows of weight.shape[1], for these very weights and any input within `input`; exact
 * if inputs are independent and not too many.
 */
export function matMulInterval(
  rows: Interval,
  weight: ProgramConstant,
  bias: ProgramConstant | null,
): Interval {
  const [numOutputs, length] = weight.shape;
  const common = commonPeriod(rows.lo.length, length);
  const isLarge = (common / length) * weight.data.length > MAX_INTERVAL_PRODUCTS;
  const input = isLarge ? foldInterval(rows, length) : repeatInterval(rows, common);
  const numRows = input.lo.length / length;
  const lo = new Float64Array(numRows * numOutputs);
  const hi = new Float64Array(numRows * numOutputs);
  for (let row = 0; row < numRows; row++) {
    for (let m = 0; m < numOutputs; m++) {
      let least = bias === null ? 0 : bias.data[m];
      let most = least;
      for (let k = 0; k < length; k++) {
        const w = weight.data[m * length + k];
        const atLo = w * input.lo[row * length + k];
        const atHi = w * input.hi[row * length + k];
        least += Math.min(atLo, atHi);
        most += Math.max(atLo, atHi);
      }
      lo[row * numOutputs + m] = least;
      hi[row * numOutputs + m] = most;
    }
  }
  return { lo, hi };
}

/** Bounds of z = floor((x + 2^(shift−1)) / 2^shift), which grows with x. */
export function shiftInterval(input: Interval, shift: number): Interval {
  const offset = roundingOffset(shift);
  const divide = (x: number): number => Math.floor((x + offset) / 2 ** shift);
  return { lo: input.lo.map(divide), hi: input.hi.map(divide) };
}

/** Bounds of f(z) for z within `shifted`, which must lie in f's domain. */
export function functionInterval(shifted: Interval, f: Requantise["function"]): Interval {
  const { domain, map } = f;
  if (map.kind === "clamp") {
    const clamp = (z: number): number => Math.min(Math.max(z, map.lo), map.hi);
    return { lo: shifted.lo.map(clamp), hi: shifted.hi.map(clamp) };
  }
  const lo = shifted.lo.slice();
  const hi = shifted.hi.slice();
  const [least, most] = [runsOf(map.values, Math.min), runsOf(map.values, Math.max)];
  for (let j = 0; j < lo.length; j++) {
    const [from, to] = [shifted.lo[j] - domain.lo, shifted.hi[j] - domain.lo];
    lo[j] = overRun(least, from, to, Math.min);
    hi[j] = overRun(most, from, to, Math.max);
  }
  return { lo, hi };
}

type Extreme = (a: number, b: number) => number;

/** At level k, the extreme of the 2^k values from each on: two of them cover any run (Bender and Farach-Colton 2000, sparse table). */
function runsOf(values: Int32Array, extreme: Extreme): readonly Int32Array[] {
  const levels = [values];
  for (let half = 1; 2 * half <= values.length; half *= 2) {
    const below = levels[levels.length - 1];
    levels.push(
      Int32Array.from({ length: values.length - 2 * half + 1 }, (_, i) => extreme(below[i], below[i + half])),
    );
  }
  return levels;
}

/** The extreme of values[from … to]. */
function overRun(levels: readonly Int32Array[], from: number, to: number, extreme: Extreme): number {
  const level = 31 - Math.clz32(to - from + 1);
  return extreme(levels[level][from], levels[level][to - 2 ** level + 1]);
}
