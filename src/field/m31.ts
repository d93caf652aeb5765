/**
 * The Mersenne prime field F, p = 2^31 − 1. Elements are JavaScript numbers in [0, p), always canonical.
 *
 * Products: q = floor(a·b/p) in doubles is off by at most one, and then the remainder, taken modulo 2^32 from the low
 * words, lies within 2^12 of the canonical interval, so one comparison repairs it.
 */
export const P = 0x7fffffff;
const INVERSE_P: number = 1 / P;

export function add(a: number, b: number): number {
  const s = a + b;
  return s >= P ? s - P : s;
}

export function sub(a: number, b: number): number {
  const d = a - b;
  return d < 0 ? d + P : d;
}

export function neg(a: number): number {
  return a === 0 ? 0 : P - a;
}

export function mul(a: number, b: number): number {
  const q = Math.floor(a * b * INVERSE_P);
  // As unsigned: [0, p) is right, [p, 2^31 + 2^12) is one p too many, [2^32 − 2^12, 2^32) is one p too few.
  const r = (Math.imul(a, b) - Math.imul(q, P)) >>> 0;
  if (r < P) return r;
  return r > 0xc0000000 ? r + P - 0x100000000 : r - P;
}

/**
 * The residue of high·2^16 + low for integers of magnitude at most 2^52. Products a·b with b split at 16 bits are such
 * pairs, exact in doubles, so that a sum of many needs one reduction instead of one for each.
 */
export function reduceWide(high: number, low: number): number {
  // The remainders are off by at most one multiple of p, which neither overflows the second step nor survives the last.
  const wide = (high - Math.floor(high * INVERSE_P) * P) * 0x10000 + low;
  const r = wide - Math.floor(wide * INVERSE_P) * P;
  return r < 0 ? r + P : r >= P ? r - P : r;
}

/** base^exponent for 0 ≤ exponent < 2^53. */
export function pow(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  let rest = exponent;
  while (rest > 0) {
    if (rest % 2 === 1) result = mul(result, square);
    square = mul(square, square);
    rest = Math.floor(rest / 2);
  }
  return result;
}

/** Multiplicative inverse; the inverse of 0 does not exist and throws. */
export function inv(a: number): number {
  if (a === 0) throw new RangeError("inverse of zero in F");
  return pow(a, P - 2);
}

/** The residue of any safe integer (negative ones included). */
export function fromInteger(x: number): number {
  const r = x % P;
  return r < 0 ? r + P : r + 0;
}

/** The representative in (−p/2, p/2). */
export function toSigned(a: number): number {
  return a > (P - 1) / 2 ? a - P : a;
}
