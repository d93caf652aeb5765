/** Vectors of K as flat `Uint32Array`s, four words per element in order (AoS). For the verifier and for reference code. */

import { add, EXT_WORDS, type Ext, mul, ZERO } from "./ext.ts";
import { P, reduceWide, sub } from "./m31.ts";

export type ExtVector = Uint32Array;

export function makeExtVector(length: number): ExtVector {
  return new Uint32Array(length * EXT_WORDS);
}

export function getExt(vector: ExtVector, index: number): Ext {
  const at = index * EXT_WORDS;
  return [vector[at], vector[at + 1], vector[at + 2], vector[at + 3]];
}

export function setExt(vector: ExtVector, index: number, value: Ext): void {
  const at = index * EXT_WORDS;
  vector[at] = value[0];
  vector[at + 1] = value[1];
  vector[at + 2] = value[2];
  vector[at + 3] = value[3];
}

export function toExtVector(values: readonly Ext[]): ExtVector {
  const vector = makeExtVector(values.length);
  values.forEach((value, index) => {
    setExt(vector, index, value);
  });
  return vector;
}

/**
 * In place, from the back: entry x becomes entries 2x = (1 − r)·v and 2x + 1 = r·v, for x < count. The product is that of
 * ext.ts with r cut in halves once for all entries; tuples for each entry would take longer than the products.
 */
export function splitEntries(vector: ExtVector, count: number, r: Ext): void {
  const h0 = r[0] >>> 16;
  const h1 = r[1] >>> 16;
  const h2 = r[2] >>> 16;
  const h3 = r[3] >>> 16;
  const l0 = r[0] & 0xffff;
  const l1 = r[1] & 0xffff;
  const l2 = r[2] & 0xffff;
  const l3 = r[3] & 0xffff;
  for (let x = count - 1; x >= 0; x--) {
    const at = x * EXT_WORDS;
    const a0 = vector[at];
    const a1 = vector[at + 1];
    const a2 = vector[at + 2];
    const a3 = vector[at + 3];
    const high0 = a2 * h2 - a3 * h3;
    const high1 = a2 * h3 + a3 * h2;
    const low0 = a2 * l2 - a3 * l3;
    const low1 = a2 * l3 + a3 * l2;
    const c0 = reduceWide(a0 * h0 - a1 * h1 + 2 * high0 - high1, a0 * l0 - a1 * l1 + 2 * low0 - low1);
    const c1 = reduceWide(a0 * h1 + a1 * h0 + 2 * high1 + high0, a0 * l1 + a1 * l0 + 2 * low1 + low0);
    const c2 = reduceWide(a0 * h2 - a1 * h3 + a2 * h0 - a3 * h1, a0 * l2 - a1 * l3 + a2 * l0 - a3 * l1);
    const c3 = reduceWide(a0 * h3 + a1 * h2 + a2 * h1 + a3 * h0, a0 * l3 + a1 * l2 + a2 * l1 + a3 * l0);
    const to = 2 * at;
    vector[to + 4] = c0;
    vector[to + 5] = c1;
    vector[to + 6] = c2;
    vector[to + 7] = c3;
    vector[to] = sub(a0, c0);
    vector[to + 1] = sub(a1, c1);
    vector[to + 2] = sub(a2, c2);
    vector[to + 3] = sub(a3, c3);
  }
}

/** Entry i·m + j is left[i] · right[j], m the length of `right`. */
export function outerProduct(left: ExtVector, right: ExtVector): ExtVector {
  const [numLeft, numRight] = [left.length / EXT_WORDS, right.length / EXT_WORDS];
  const product = makeExtVector(numLeft * numRight);
  for (let i = 0; i < numLeft; i++) {
    const factor = getExt(left, i);
    for (let j = 0; j < numRight; j++) setExt(product, i * numRight + j, mul(factor, getExt(right, j)));
  }
  return product;
}

/** Σ_x a[x]·b[x] over the common length. */
export function dotExt(a: ExtVector, b: ExtVector): Ext {
  let sum = ZERO;
  const length = Math.min(a.length, b.length) / EXT_WORDS;
  for (let i = 0; i < length; i++) sum = add(sum, mul(getExt(a, i), getExt(b, i)));
  return sum;
}

/** Products a·b of words with a < 2^16 and b < 2^31 whose sum `reduceWide` takes. */
const LAZY_TERMS = 32;

/** Σ_x base[x]·vector[x] over the common length, base over F. */
export function dotBase(base: Uint32Array, vector: ExtVector): Ext {
  const length = Math.min(base.length, vector.length / EXT_WORDS);
  let sum = ZERO;
  for (let from = 0; from < length; from += LAZY_TERMS) {
    const to = Math.min(length, from + LAZY_TERMS);
    let low0 = sum[0];
    let low1 = sum[1];
    let low2 = sum[2];
    let low3 = sum[3];
    let high0 = 0;
    let high1 = 0;
    let high2 = 0;
    let high3 = 0;
    for (let i = from; i < to; i++) {
      const low = base[i] & 0xffff;
      const high = base[i] >>> 16;
      const at = i * EXT_WORDS;
      low0 += low * vector[at];
      high0 += high * vector[at];
      low1 += low * vector[at + 1];
      high1 += high * vector[at + 1];
      low2 += low * vector[at + 2];
      high2 += high * vector[at + 2];
      low3 += low * vector[at + 3];
      high3 += high * vector[at + 3];
    }
    sum = [
      reduceWide(high0, low0),
      reduceWide(high1, low1),
      reduceWide(high2, low2),
      reduceWide(high3, low3),
    ];
  }
  return sum;
}

/** True if every word is a canonical field element. */
export function allCanonical(words: Uint32Array): boolean {
  for (let i = 0; i < words.length; i++) if (words[i] >= P) return false;
  return true;
}
