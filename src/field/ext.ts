/**
 * The extension K = F[i][u]/(i² + 1, u² − 2 − i) of degree 4, in which every challenge lives (|K| ≈ 2^124).
 * An element c0 + c1·i + c2·u + c3·iu is the tuple [c0, c1, c2, c3] over F; i² = −1 is a non-residue because
 * p ≡ 3 (mod 4), and 2 + i is a non-square of F[i] (its norm 5 is a non-residue mod p; the tests check both).
 * Tuples are never mutated.
 */
import * as f from "./m31.ts";

export type Ext = readonly [number, number, number, number];

export const ZERO: Ext = [0, 0, 0, 0];
export const ONE: Ext = [1, 0, 0, 0];
/** Words of one element in canonical bytes: 4 little-endian u32. */
export const EXT_WORDS = 4;

export function fromBase(a: number): Ext {
  return [a, 0, 0, 0];
}

/** The element of the prime field that a safe integer stands for. */
export function fromInteger(x: number): Ext {
  return [f.fromInteger(x), 0, 0, 0];
}

export function add(a: Ext, b: Ext): Ext {
  return [f.add(a[0], b[0]), f.add(a[1], b[1]), f.add(a[2], b[2]), f.add(a[3], b[3])];
}

export function sub(a: Ext, b: Ext): Ext {
  return [f.sub(a[0], b[0]), f.sub(a[1], b[1]), f.sub(a[2], b[2]), f.sub(a[3], b[3])];
}

export function neg(a: Ext): Ext {
  return [f.neg(a[0]), f.neg(a[1]), f.neg(a[2]), f.neg(a[3])];
}

/** Product with an element of the prime field. */
export function scale(a: Ext, s: number): Ext {
  return [f.mul(a[0], s), f.mul(a[1], s), f.mul(a[2], s), f.mul(a[3], s)];
}

export function mul(a: Ext, b: Ext): Ext {
  // By index, not by destructuring, which takes longer than the product itself.
  const a0 = a[0];
  const a1 = a[1];
  const a2 = a[2];
  const a3 = a[3];
  const h0 = b[0] >>> 16;
  const h1 = b[1] >>> 16;
  const h2 = b[2] >>> 16;
  const h3 = b[3] >>> 16;
  const l0 = b[0] & 0xffff;
  const l1 = b[1] & 0xffff;
  const l2 = b[2] & 0xffff;
  const l3 = b[3] & 0xffff;
  // (x + y·u)(z + w·u) = xz + (2 + i)·yw + (xw + yz)·u over F[i], for the high and the low halves of b.
  const highYw0 = a2 * h2 - a3 * h3;
  const highYw1 = a2 * h3 + a3 * h2;
  const lowYw0 = a2 * l2 - a3 * l3;
  const lowYw1 = a2 * l3 + a3 * l2;
  // At most 7 products of 2^47 each.
  return [
    f.reduceWide(a0 * h0 - a1 * h1 + 2 * highYw0 - highYw1, a0 * l0 - a1 * l1 + 2 * lowYw0 - lowYw1),
    f.reduceWide(a0 * h1 + a1 * h0 + 2 * highYw1 + highYw0, a0 * l1 + a1 * l0 + 2 * lowYw1 + lowYw0),
    f.reduceWide(a0 * h2 - a1 * h3 + a2 * h0 - a3 * h1, a0 * l2 - a1 * l3 + a2 * l0 - a3 * l1),
    f.reduceWide(a0 * h3 + a1 * h2 + a2 * h1 + a3 * h0, a0 * l3 + a1 * l2 + a2 * l1 + a3 * l0),
  ];
}

export function square(a: Ext): Ext {
  return mul(a, a);
}

/** Multiplicative inverse by two norms; throws for zero. */
export function inv(a: Ext): Ext {
  const [a0, a1, a2, a3] = a;
  // N = x² − (2 + i)·y² in F[i], then its norm in F.
  const xx0 = f.sub(f.mul(a0, a0), f.mul(a1, a1));
  const xx1 = f.mul(2, f.mul(a0, a1));
  const yy0 = f.sub(f.mul(a2, a2), f.mul(a3, a3));
  const yy1 = f.mul(2, f.mul(a2, a3));
  const n0 = f.sub(xx0, f.sub(f.add(yy0, yy0), yy1));
  const n1 = f.sub(xx1, f.add(f.add(yy1, yy1), yy0));
  const norm = f.add(f.mul(n0, n0), f.mul(n1, n1));
  if (norm === 0) throw new RangeError("inverse of zero in K");
  const d = f.inv(norm);
  const inverse: Ext = [f.mul(n0, d), f.neg(f.mul(n1, d)), 0, 0];
  return mul([a0, a1, f.neg(a2), f.neg(a3)], inverse);
}

/** base^exponent for 0 ≤ exponent < 2^53. */
export function pow(base: Ext, exponent: number): Ext {
  let result = ONE;
  let power = base;
  let rest = exponent;
  while (rest > 0) {
    if (rest % 2 === 1) result = mul(result, power);
    power = mul(power, power);
    rest = Math.floor(rest / 2);
  }
  return result;
}

export function equals(a: Ext, b: Ext): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

export function isZero(a: Ext): boolean {
  return a[0] === 0 && a[1] === 0 && a[2] === 0 && a[3] === 0;
}

/** The basis (1, i, u, iu): a K-valued row is four F-rows with these weights. */
export const BASIS: readonly Ext[] = [ONE, [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
