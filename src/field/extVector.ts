/** Vectors of K as flat `Uint32Array`s, four words per element in order (AoS). For the verifier and for reference code. */

import { add, EXT_WORDS, type Ext, mul, ZERO } from "./ext.ts";
import { add as addF, mul as mulF, P } from "./m31.ts";

export type ExtVector = Uint32Array;

export function makeExtVector(length: number): ExtVector {
  return new Uint32Array(length * EXT_WORDS);
}

export function getExt(vector: ExtVector, index: number): Ext {
  const at = index * EXT_WORDS;
  return [vector[at], vector[at + 1], vector[at + 2], vector[at + 3]];
}

export function setExt(vector: ExtVector, index: number, value: Ext): void {
  vector.set(value, index * EXT_WORDS);
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
  const length = a.length / EXT_WORDS;
  for (let i = 0; i < length; i++) sum = add(sum, mul(getExt(a, i), getExt(b, i)));
  return sum;
}

/** Σ_x base[x]·vector[x], base over F. */
export function dotBase(base: ArrayLike<number>, vector: ExtVector): Ext {
  let c0 = 0;
  let c1 = 0;
  let c2 = 0;
  let c3 = 0;
  const length = Math.min(base.length, vector.length / EXT_WORDS);
  for (let i = 0; i < length; i++) {
    const b = base[i];
    if (b === 0) continue;
    const at = i * EXT_WORDS;
    c0 = addF(c0, mulF(b, vector[at]));
    c1 = addF(c1, mulF(b, vector[at + 1]));
    c2 = addF(c2, mulF(b, vector[at + 2]));
    c3 = addF(c3, mulF(b, vector[at + 3]));
  }
  return [c0, c1, c2, c3];
}

/** True if every word is a canonical field element. */
export function allCanonical(words: Uint32Array): boolean {
  for (let i = 0; i < words.length; i++) if (words[i] >= P) return false;
  return true;
}
