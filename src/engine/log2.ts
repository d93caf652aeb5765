/**
 * A logarithm that comes out the same on every machine. ECMAScript leaves the last bits of Math.log2 and Math.pow to the
 * engine, and a statement's `securityBits` must not depend on who computes it. Addition, multiplication and division of
 * doubles are fixed by IEEE 754, and nothing else is used here.
 */

const FRACTION_BITS = 32;

/** log2(x) for finite x ≥ 1, rounded down to a multiple of 2^−32. */
export function log2Down(x: number): number {
  if (!(x >= 1 && x < Infinity)) throw new RangeError(`expected a finite number from 1 on, got ${x}`);
  let mantissa = x;
  let result = 0;
  while (mantissa >= 2) {
    mantissa /= 2;
    result++;
  }
  let weight = 1;
  for (let i = 0; i < FRACTION_BITS; i++) {
    // Squaring doubles the logarithm: its next binary digit becomes the integer part.
    mantissa *= mantissa;
    weight /= 2;
    if (mantissa < 2) continue;
    mantissa /= 2;
    result += weight;
  }
  return result;
}
