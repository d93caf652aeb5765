/** Vectors of K as flat `Uint32Array`s, four words per element in order (AoS). For the verifier and for reference code. */

import { add, EXT_WORDS, type Ext, mul, ZERO } from "./ext.ts";
import { P, reduceWide } from "./m31.ts";

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
