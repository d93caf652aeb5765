/**
 * The equality polynomial eq(z, x) = Π_i (z_i·x_i + (1 − z_i)(1 − x_i)). Points are arrays of coordinates whose entry 0
 * belongs to the most significant index bit, so that entry x of a table is the value at the bits of x.
 */
import { add, EXT_WORDS, type Ext, fromBase, mul, ONE, scale, sub, ZERO } from "../field/ext.ts";
import { type ExtVector, makeExtVector } from "../field/extVector.ts";
import * as f from "../field/m31.ts";

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
  const length = Math.min(limit, 2 ** z.length);
  const table = makeExtVector(length + 1);
  table[0] = 1;
  // From the most significant variable on, in place from the back: entry x of a level gives entries 2x and 2x + 1 of the
  // next, so only the prefixes that entries below the limit have are ever computed.
  let numParents = 1;
  for (let i = 0; i < z.length; i++) {
    const needed = Math.ceil(length / 2 ** (z.length - 1 - i));
    for (let x = Math.min(numParents, Math.ceil(needed / 2)) - 1; x >= 0; x--) splitEntry(table, x, z[i]);
    numParents = needed;
  }
  return table.subarray(0, length * EXT_WORDS);
}

/** Entry x becomes entries 2x = (1 − r)·v and 2x + 1 = r·v. */
function splitEntry(table: ExtVector, x: number, r: Ext): void {
  const at = EXT_WORDS * x;
  const a0 = table[at];
  const a1 = table[at + 1];
  const a2 = table[at + 2];
  const a3 = table[at + 3];
  const [b0, b1, b2, b3] = r;
  const yw0 = f.sub(f.mul(a2, b2), f.mul(a3, b3));
  const yw1 = f.add(f.mul(a2, b3), f.mul(a3, b2));
  const h0 = f.add(f.sub(f.mul(a0, b0), f.mul(a1, b1)), f.sub(f.add(yw0, yw0), yw1));
  const h1 = f.add(f.add(f.mul(a0, b1), f.mul(a1, b0)), f.add(f.add(yw1, yw1), yw0));
  const h2 = f.add(f.sub(f.mul(a0, b2), f.mul(a1, b3)), f.sub(f.mul(a2, b0), f.mul(a3, b1)));
  const h3 = f.add(f.add(f.mul(a0, b3), f.mul(a1, b2)), f.add(f.mul(a2, b1), f.mul(a3, b0)));
  const low = 2 * at;
  // The last high entry of an odd prefix falls into the spare element behind the table or is overwritten later.
  table[low + 4] = h0;
  table[low + 5] = h1;
  table[low + 6] = h2;
  table[low + 7] = h3;
  table[low] = f.sub(a0, h0);
  table[low + 1] = f.sub(a1, h1);
  table[low + 2] = f.sub(a2, h2);
  table[low + 3] = f.sub(a3, h3);
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
