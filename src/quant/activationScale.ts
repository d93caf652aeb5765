/** Choice of the scale of an activation from its values in the float reference. */

import { applyFunction, hasNegativeValues } from "./realFunction.ts";
import type { RealFunction } from "./realProgram.ts";
import { type IntegerForm, integerForm, rangeOfValues } from "./realRange.ts";

/** As many values say as much as all of them. */
const MAX_VALUES = 2 ** 14;

/**
 * Scales to try, as shares of the one that just covers the calibrated range. Clipping the few largest values makes all
 * others finer; where samples are real, how much of it pays off can be measured.
 */
const SHARES: readonly number[] = [0.8, 0.85, 0.9, 0.95, 1, 17 / 16];
/** What is clipped counts more than its square: it excites a layer most, and later inputs will be clipped more. */
const WEIGHT_OF_CLIPPED = 4;
/**
 * From so many bits on nothing is clipped: a step more or less matters little, but a factor of a whole row that is cut off, or a
 * sum of all layers, spoils what follows. Later inputs may reach farther by this share.
 */
const FINE_BITS = 12;
const SHARE_OF_FINE = 1.25;
/** Samples that only stand in for unknown inputs do not tell what may be clipped. */
const SHARE_OF_SEEDED = 17 / 16;

/** At most `limit` values, evenly spread. */
export function thinnedValues(values: Float32Array, limit: number): Float32Array {
  if (values.length <= limit) return values;
  // An odd step, so that it does not meet the same channel every time.
  const step = Math.floor(values.length / limit) | 1;
  return Float32Array.from({ length: Math.floor(values.length / step) }, (_, j) => values[j * step]);
}

function squaredError(values: Float32Array, scale: number, lo: number, hi: number): number {
  let sum = 0;
  for (const value of values) {
    const rounded = Math.round(value / scale);
    const q = Math.min(Math.max(rounded, lo), hi);
    sum += (q === rounded ? 1 : WEIGHT_OF_CLIPPED) * (scale * q - value) ** 2;
  }
  return sum;
}

/** The integers that hold an activation's results. */
export function activationForm(
  f: RealFunction,
  result: Float32Array,
  bits: number,
  isReal: boolean,
): IntegerForm {
  const isSigned = hasNegativeValues(f);
  const covering = integerForm(rangeOfValues(result), isSigned, bits);
  const { range, quant } = covering;
  const values = thinnedValues(result, MAX_VALUES);
  let best = SHARE_OF_SEEDED;
  if (isReal && bits >= FINE_BITS) best = SHARE_OF_FINE;
  else if (isReal) {
    let least = Infinity;
    for (const share of SHARES) {
      const error = squaredError(values, share * quant.scale, range.lo, range.hi);
      if (error < least) [least, best] = [error, share];
    }
  }
  return { range, quant: { scale: best * quant.scale, zeroPoint: 0 } };
}

const NUM_PROBES = 512;

/** The steepest that the function gets over the calibrated range. */
export function steepestSlope(f: RealFunction, sums: Float32Array): number {
  if (f.kind === "clamp") return 1;
  if (f.kind === "affine") return Math.abs(f.factor);
  const { lo, hi } = rangeOfValues(sums);
  if (!(hi > lo)) return 1;
  const width = (hi - lo) / NUM_PROBES;
  const y = applyFunction(
    f,
    Float32Array.from({ length: NUM_PROBES + 1 }, (_, j) => lo + j * width),
  );
  let slope = 0;
  for (let j = 0; j < NUM_PROBES; j++) {
    const steepness = Math.abs(y[j + 1] - y[j]) / width;
    if (Number.isFinite(steepness)) slope = Math.max(slope, steepness);
  }
  return slope;
}
