import type { Multiplier, Rescale, Rounding } from "./program.ts";

// The operator ** would take most of the time: a network rescales millions of integers.
const POWERS_OF_TWO: Float64Array = Float64Array.from({ length: 64 }, (_, exponent) => 2 ** exponent);

/**
 * floor((x·M + 2^(T−1)) / 2^T) for 1 ≤ T ≤ 62, 32-bit x and 0 < M < 2^31. The product has up to 62 bits, more than a
 * double: it is kept as high·2^16 + low with 0 ≤ low < 2^16. Results beyond 2^53 lose low bits, which no clamp sees.
 */
function roundedShift(x: number, multiplier: number, shift: number): number {
  const product = (x & 0xffff) * multiplier;
  const carry = Math.floor(product / 2 ** 16);
  const high = (x >> 16) * multiplier + carry;
  // Below the rounding bit, low cannot matter; all quotients by powers of two are exact.
  if (shift > 16) return Math.floor((high + POWERS_OF_TWO[shift - 17]) / POWERS_OF_TWO[shift - 16]);
  const low = product - carry * 2 ** 16;
  return (
    high * POWERS_OF_TWO[16 - shift] + Math.floor((low + POWERS_OF_TWO[shift - 1]) / POWERS_OF_TWO[shift])
  );
}

/** The doubling high multiplication rounded half up, then the right shift rounded half away from zero. */
function roundedTwice(x: number, multiplier: number, shift: number): number {
  if (shift >= 0) return roundedShift(x, multiplier, 31 - shift);
  const doubled = roundedShift(x, multiplier, 31);
  const half = POWERS_OF_TWO[-shift - 1];
  return Math.floor((doubled < 0 ? doubled + half - 1 : doubled + half) / (2 * half));
}

// A float32 of 2^23 or more is an integer already. Below, adding this leaves no bits for a fraction, and the sum of
// doubles is itself rounded half to even.
const NO_FRACTION = 1.5 * 2 ** 52;

/** The product in float32 arithmetic, rounded half to even. */
function roundedFloat(x: number, multiplier: number): number {
  const product = Math.fround(Math.fround(x) * multiplier);
  return Math.abs(product) >= 2 ** 23 ? product : product + NO_FRACTION - NO_FRACTION;
}

/** x / divisor, rounded half away from zero. Quotients of integers below 2^33 are far enough apart for doubles. */
function roundedQuotient(x: number, divisor: number): number {
  const half = Math.floor(divisor / 2);
  return x < 0 ? 0 - Math.floor((half - x) / divisor) : Math.floor((x + half) / divisor);
}

/** round(x) of a 32-bit x, as `Rounding` defines it; before the zero point and the clamp. */
export function rescaleValue(rounding: Rounding, { multiplier, shift }: Multiplier, x: number): number {
  switch (rounding) {
    case "tflite-single":
      return roundedShift(x, multiplier, 31 - shift);
    case "tflite-double":
      return roundedTwice(x, multiplier, shift);
    case "float-half-even":
      return roundedFloat(x, multiplier);
    case "divide-half-away":
      return roundedQuotient(x, multiplier);
  }
}

/** The multiplier of an index along the last axis. */
export function multiplierOf(operator: Rescale, channel: number): Multiplier {
  return operator.multipliers[operator.multipliers.length === 1 ? 0 : channel];
}

/** The operator's output for a 32-bit x at this index of the last axis. */
export function rescaleOutput(operator: Rescale, channel: number, x: number): number {
  const rounded = rescaleValue(operator.rounding, multiplierOf(operator, channel), x);
  return Math.min(Math.max(rounded + operator.zeroPoint, operator.lo), operator.hi);
}
