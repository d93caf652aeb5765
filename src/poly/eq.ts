/**
 * The equality polynomial eq(z, x) = Π_i (z_i·x_i + (1 − z_i)(1 − x_i)). Points are arrays of coordinates whose entry 0
 * belongs to the most significant index bit, so that entry x of a table is the value at the bits of x.
 */
import { add, EXT_WORDS, type Ext, fromBase, mul, ONE, scale, sub, ZERO } from "../field/ext.ts";
import { dotExt, type ExtVector, getExt, makeExtVector, splitEntries } from "../field/extVector.ts";

export type Point = readonly Ext[];

/** eq(z, y) for two points of the same length. */
export function eqEval(z: Point, y: Point): Ext {
  if (z.length !== y.length) throw new RangeError(`points of lengths ${z.length} and ${y.length}`);
  let product = ONE;
  for (let i = 0; i < z.length; i++) product = mul(product, eqBit(z[i], y[i]));
  return product;
}

/** z·y + (1 − z)(1 − y). */
function eqBit(z: Ext, y: Ext): Ext {
  const zy = mul(z, y);
  return add(sub(sub(ONE, z), y), add(zy, zy));
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
  const length = Math.min(limit, 2 ** z.length);
  const table = makeExtVector(length + 1);
  table[0] = 1;
  // From the most significant variable on, in place from the back: entry x of a level gives entries 2x and 2x + 1 of the
  // next, so only the prefixes that entries below the limit have are ever computed.
  let numParents = 1;
  for (let i = 0; i < z.length; i++) {
    const needed = Math.ceil(length / 2 ** (z.length - 1 - i));
    // The last high entry of an odd prefix falls into the spare element behind the table or is overwritten later.
    splitEntries(table, Math.min(numParents, Math.ceil(needed / 2)), z[i]);
    numParents = needed;
  }
  return table.subarray(0, length * EXT_WORDS);
}

/** Σ_{x < limit} eq(z, x)·eq(y, x) for two points of the same length. */
export function eqPairPrefixSum(z: Point, y: Point, limit: number): Ext {
  if (z.length !== y.length) throw new RangeError(`points of lengths ${z.length} and ${y.length}`);
  // Walks the bits of the limit as `eqPrefixSum`: at each 1-bit, whatever agrees above and has 0 here lies below it, and
  // the coordinates behind run over all settings.
  const n = z.length;
  const suffix: Ext[] = new Array(n + 1);
  suffix[n] = ONE;
  for (let i = n - 1; i >= 0; i--) suffix[i] = mul(suffix[i + 1], eqBit(z[i], y[i]));
  if (limit >= 2 ** n) return suffix[0];
  let sum = ZERO;
  let prefix = ONE;
  for (let i = 0; i < n; i++) {
    const both0 = mul(sub(ONE, z[i]), sub(ONE, y[i]));
    if (Math.floor(limit / 2 ** (n - 1 - i)) % 2 === 1) {
      sum = add(sum, mul(mul(prefix, both0), suffix[i + 1]));
      prefix = mul(prefix, mul(z[i], y[i]));
    } else {
      prefix = mul(prefix, both0);
    }
  }
  return sum;
}

/**
 * The multilinear extension at z of a vector of 2^z.length elements. Rows are combined before columns, so that the tables
 * have about the square root of its length.
 */
export function evaluateMultilinear(vector: ExtVector, z: Point): Ext {
  if (vector.length !== EXT_WORDS * 2 ** z.length)
    throw new RangeError(`${vector.length} words for ${z.length} coordinates`);
  const numRowBits = z.length >> 1;
  const rowWeights = eqTable(z.slice(0, numRowBits));
  const columnWeights = eqTable(z.slice(numRowBits));
  let sum = ZERO;
  for (let row = 0; row < 2 ** numRowBits; row++) {
    const cells = vector.subarray(row * columnWeights.length, (row + 1) * columnWeights.length);
    sum = add(sum, mul(getExt(rowWeights, row), dotExt(columnWeights, cells)));
  }
  return sum;
}

/** Σ_{x < limit} eq(z, x): the multilinear extension of the indicator of the first `limit` indices. */
export function eqPrefixSum(z: Point, limit: number): Ext {
  // Walks the bits of the limit: at each 1-bit, all indices that agree above and have 0 here lie below it.
  if (limit >= 2 ** z.length) return ONE;
  let sum = ZERO;
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

/** Σ_{x < limit} x · eq(z, x): the multilinear extension of the index itself, on the first `limit` indices. */
export function eqIndexSum(z: Point, limit: number): Ext {
  // suffix[i] = Σ_{j ≥ i} 2^(n−1−j)·z_j: the same sum over all settings of the variables from i on.
  const n = z.length;
  const suffix: Ext[] = Array.from({ length: n + 1 }, () => ZERO);
  for (let i = n - 1; i >= 0; i--) suffix[i] = add(suffix[i + 1], scale(z[i], 2 ** (n - 1 - i)));
  if (limit >= 2 ** n) return suffix[0];
  let sum = ZERO;
  let prefix = ONE;
  let start = 0;
  for (let i = 0; i < n; i++) {
    const weight = 2 ** (n - 1 - i);
    const low = sub(ONE, z[i]);
    if (Math.floor(limit / weight) % 2 === 1) {
      sum = add(sum, mul(mul(prefix, low), add(fromBase(start), suffix[i + 1])));
      prefix = mul(prefix, z[i]);
      start += weight;
    } else {
      prefix = mul(prefix, low);
    }
  }
  return sum;
}
