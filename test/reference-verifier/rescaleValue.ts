/**
 * Values of a rescaling: docs/spec/10-program.md, 10.3, rescale.
 */
import type { Multiplier, Rescale, Rounding } from "./program.ts";
import { rangeOf } from "./ranges.ts";

/** y for the input x and one multiplier. */
export function rescaleValue(rescale: Rescale, multiplier: Multiplier, x: bigint): bigint {
  const value = round(rescale.rounding, multiplier, x) + rescale.zeroPoint;
  return clamp(value, rescale.lo, rescale.hi);
}

/** min(max(value, lo), hi) */
export function clamp(value: bigint, lo: bigint, hi: bigint): bigint {
  return rangeOf([rangeOf([value, lo]).hi, hi]).lo;
}

/** Mathematical floor of a / b, b > 0. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function round(rounding: Rounding, { multiplier, shift }: Multiplier, x: bigint): bigint {
  if (rounding === "float-half-even") return floatHalfEven(Number(x), multiplier);
  const m = BigInt(multiplier);
  if (rounding === "divide-half-away") return divideHalfAway(x, m);
  if (rounding === "tflite-single" || shift >= 0) {
    const t = 31n - BigInt(shift);
    return floorDivide(x * m + 2n ** (t - 1n), 2n ** t);
  }
  const h = floorDivide(x * m + 2n ** 30n, 2n ** 31n);
  const q = 2n ** BigInt(-shift - 1);
  return h >= 0n ? floorDivide(h + q, 2n * q) : floorDivide(h + q - 1n, 2n * q);
}

function divideHalfAway(x: bigint, m: bigint): bigint {
  const q = m / 2n;
  return x >= 0n ? floorDivide(x + q, m) : -floorDivide(q - x, m);
}

/** The product of two binary32 numbers is exact in binary64, so Math.fround rounds it once. */
function floatHalfEven(x: number, multiplier: number): bigint {
  const product = Math.fround(Math.fround(x) * multiplier);
  const below = Math.floor(product);
  const part = product - below;
  if (part < 0.5) return BigInt(below);
  if (part > 0.5) return BigInt(below + 1);
  return BigInt(below % 2 === 0 ? below : below + 1);
}
