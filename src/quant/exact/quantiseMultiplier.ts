/**
 * Real multipliers as TensorFlow Lite's integers (`QuantizeMultiplier` of kernels/internal/quantization_util.cc): 31
 * bits of the significand, and a power of two.
 */

import type { Multiplier } from "../../program/program.ts";

/**
 * TensorFlow Lite flushes multipliers below 2^−32 to 0, which makes every result the zero point. A program's multiplier
 * is above 0; this one gives 0 as well for every sum that a program may hold (below 2^29).
 */
const FLUSHED: Multiplier = { multiplier: 1, shift: -31 };

const MIN_SHIFT = -31;

/** x = significand · 2^exponent with 1/2 ≤ significand < 1, for a finite x > 0. */
function splitDouble(x: number): { significand: number; exponent: number } {
  let exponent = Math.floor(Math.log2(x)) + 1;
  let significand = x / 2 ** exponent;
  // The logarithm is rounded: next to a power of two it can be off by one.
  for (; significand < 0.5; exponent--) significand *= 2;
  for (; significand >= 1; exponent++) significand /= 2;
  return { significand, exponent };
}

/** The fixed-point multiplier of a finite `real` ≥ 0. Its shift may exceed 30, which no program allows. */
export function quantiseMultiplier(real: number): Multiplier {
  if (real === 0) return FLUSHED;
  const { significand, exponent } = splitDouble(real);
  const rounded = Math.round(significand * 2 ** 31);
  const isNextPower = rounded === 2 ** 31;
  const multiplier = isNextPower ? 2 ** 30 : rounded;
  const shift = isNextPower ? exponent + 1 : exponent;
  return shift < MIN_SHIFT ? FLUSHED : { multiplier, shift };
}
