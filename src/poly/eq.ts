/**
 * The equality polynomial eq(z, x) = Π_i (z_i·x_i + (1 − z_i)(1 − x_i)). Points are arrays of coordinates whose entry 0
 * belongs to the most significant index bit, so that entry x of a table is the value at the bits of x.
 */
import { add, EXT_WORDS, type Ext, mul, ONE, sub } from "../field/ext.ts";
import { type ExtVector, getExt, makeExtVector, setExt } from "../field/extVector.ts";

export type Point = readonly Ext[];

/** eq(z, y) for two points of the same length. */
export function eqEval(z: Point, y: Point): Ext {
  if (z.length !== y.length) throw new RangeError(`points of lengths ${z.length} and ${y.length}`);
  let product = ONE;
  for (let i = 0; i < z.length; i++) {
    const zy = mul(z[i], y[i]);
    product = mul(product, add(sub(sub(ONE, z[i]), y[i]), add(zy, zy)));
  }
  return product;
}

/** eq(z, bits of index), z.length bits. */
export function eqAtIndex(z: Point, index: number): Ext {
  let product = ONE;
  for (let i = 0; i < z.length; i++) {
    const bit = Math.floor(index / 2 ** (z.length - 1 - i)) % 2;
    product = mul(product, bit === 1 ? z[i] : sub(ONE, z[i]));
  }
  return product;
}

/** Table of eq(z, x) for x in [0, 2^z.length), truncated to the first `limit` entries where one is given. */
export function eqTable(z: Point, limit: number = 2 ** z.length): ExtVector {
  // Built from the least significant variable upwards would need the full table; from the most significant one, every
  // level only needs the prefixes that entries below the limit have.
  const length = Math.min(limit, 2 ** z.length);
  let table = makeExtVector(1);
  setExt(table, 0, ONE);
  for (let i = 0; i < z.length; i++) {
    const shift = z.length - 1 - i;
    const needed = Math.ceil(length / 2 ** shift);
    const next = makeExtVector(needed);
    for (let x = 0; x < needed; x += 2) {
      const parent = getExt(table, x >> 1);
      const high = mul(parent, z[i]);
      setExt(next, x, sub(parent, high));
      if (x + 1 < needed) setExt(next, x + 1, high);
    }
    table = next;
  }
  return table.subarray(0, length * EXT_WORDS);
}

/** Σ_{x < limit} eq(z, x): the multilinear extension of the indicator of the first `limit` indices. */
export function eqPrefixSum(z: Point, limit: number): Ext {
  // Walks the bits of the limit: at each 1-bit, all indices that agree above and have 0 here lie below it.
  if (limit >= 2 ** z.length) return ONE;
  let sum: Ext = [0, 0, 0, 0];
  let prefix = ONE;
  for (let i = 0; i < z.length; i++) {
    const bit = Math.floor(limit / 2 ** (z.length - 1 - i)) % 2;
    const complement = sub(ONE, z[i]);
    if (bit === 1) {
      sum = add(sum, mul(prefix, complement));
      prefix = mul(prefix, z[i]);
    } else {
      prefix = mul(prefix, complement);
    }
  }
  return sum;
}
