import type { Multiplier } from "../../program/program.ts";

/**
 * MEAN divides inside the multiplier (`QuantizedMeanOrSum` of kernels/internal/reference/reduce.h): it multiplies by
 * the largest power of two up to the count, divides by the count, and takes the power back in the shift.
 */
export function meanMultiplier({ multiplier, shift }: Multiplier, count: number): Multiplier {
  const gained = Math.min(Math.floor(Math.log2(count)), 32, 31 + shift);
  // The numerator has up to 63 bits.
  const divided = Number((BigInt(multiplier) << BigInt(gained)) / BigInt(count));
  return { multiplier: divided, shift: shift - gained };
}
