import type { Multiplier, Rounding } from "../program.ts";

/** The quotient rounded down. */
export function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return quotient * denominator > numerator ? quotient - 1n : quotient;
}

/** TFLite: (a·b + nudge) / 2^31, the division cutting off the fraction. */
function doublingHighMultiplication(a: bigint, b: bigint): bigint {
  const product = a * b;
  const nudge = product >= 0n ? 2n ** 30n : 1n - 2n ** 30n;
  return (product + nudge) / 2n ** 31n;
}

/** TFLite: x / 2^exponent, rounded half away from zero by looking at the remainder. */
function roundingDivideByPowerOfTwo(x: bigint, exponent: bigint): bigint {
  const mask = 2n ** exponent - 1n;
  const remainder = x & mask;
  const threshold = (mask >> 1n) + (x < 0n ? 1n : 0n);
  return (x >> exponent) + (remainder > threshold ? 1n : 0n);
}

/** The nearest float32 of an integer or of an integer · 2^exponent, ties to the even mantissa; as integer · 2^exponent. */
function nearestFloat(value: bigint, exponent: number): { mantissa: bigint; exponent: number } {
  const magnitude = value < 0n ? -value : value;
  // 24 bits of mantissa, fewer where the last one would lie below 2^−149.
  const excess = Math.max(magnitude.toString(2).length - 24, -149 - exponent, 0);
  const rounded = roundHalfEven(magnitude, excess);
  return { mantissa: value < 0n ? -rounded : rounded, exponent: exponent + excess };
}

/** magnitude / 2^bits to the nearest integer, ties to the even one. */
function roundHalfEven(magnitude: bigint, bits: number): bigint {
  const unit = 2n ** BigInt(bits);
  const low = floorDivide(magnitude, unit);
  const twice = 2n * (magnitude - low * unit);
  if (twice < unit) return low;
  if (twice > unit) return low + 1n;
  return low % 2n === 0n ? low : low + 1n;
}

/** A float as an integer times a power of two. */
function exactFloat(value: number): { mantissa: bigint; exponent: number } {
  let exponent = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    exponent--;
  }
  return { mantissa: BigInt(scaled), exponent };
}

function roundedFloatProduct(x: bigint, multiplier: number): bigint {
  const left = nearestFloat(x, 0);
  const right = exactFloat(multiplier);
  const product = nearestFloat(left.mantissa * right.mantissa, left.exponent + right.exponent);
  if (product.exponent >= 0) return product.mantissa * 2n ** BigInt(product.exponent);
  const { mantissa } = product;
  const rounded = roundHalfEven(mantissa < 0n ? -mantissa : mantissa, -product.exponent);
  return mantissa < 0n ? -rounded : rounded;
}

/** What the definitions of the roundings say, as their sources write them, in unbounded integers. */
export function roundInBigIntegers(rounding: Rounding, { multiplier, shift }: Multiplier, x: bigint): bigint {
  switch (rounding) {
    case "tflite-single": {
      const total = BigInt(31 - shift);
      return floorDivide(x * BigInt(multiplier) + 2n ** (total - 1n), 2n ** total);
    }
    case "tflite-double": {
      const shifted = shift > 0 ? x * 2n ** BigInt(shift) : x;
      const high = doublingHighMultiplication(shifted, BigInt(multiplier));
      return shift < 0 ? roundingDivideByPowerOfTwo(high, BigInt(-shift)) : high;
    }
    case "float-half-even":
      return roundedFloatProduct(x, multiplier);
    case "divide-half-away": {
      const divisor = BigInt(multiplier);
      const magnitude = ((x < 0n ? -x : x) + divisor / 2n) / divisor;
      return x < 0n ? -magnitude : magnitude;
    }
  }
}
