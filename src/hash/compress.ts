/**
 * The compression function of BLAKE3 (O'Connor, Aumasson, Neves, Wilcox-O'Hearn, "BLAKE3: one function, fast everywhere",
 * §2.2), the innermost loop of the verifier. State and message are 32 local variables and every G is written out, because
 * only then does the engine keep them in registers: with arrays or helper functions a block takes several times as long.
 */

export const BLOCK_WORDS = 16;
export const CHAINING_WORDS = 8;
export const ROUNDS = 7;

/** Fractional parts of the square roots of the first eight primes, as in SHA-256. */
export const IV: Int32Array = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);

/**
 * Compresses the 16 words of `block` at `at` under the chaining value in the first 8 words of `chaining`. Writes 16 words to
 * `out`, which may be `chaining`: the new chaining value, then the second half of an extended output.
 */
export function compress(
  chaining: Int32Array,
  block: Int32Array,
  at: number,
  counter: number,
  numBytes: number,
  flags: number,
  out: Int32Array,
  outAt: number,
): void {
  let v0 = chaining[0];
  let v1 = chaining[1];
  let v2 = chaining[2];
  let v3 = chaining[3];
  let v4 = chaining[4];
  let v5 = chaining[5];
  let v6 = chaining[6];
  let v7 = chaining[7];
  let v8 = IV[0];
  let v9 = IV[1];
  let v10 = IV[2];
  let v11 = IV[3];
  let v12 = counter | 0;
  let v13 = Math.floor(counter / 2 ** 32) | 0;
  let v14 = numBytes;
  let v15 = flags;
  let m0 = block[at + 0];
  let m1 = block[at + 1];
  let m2 = block[at + 2];
  let m3 = block[at + 3];
  let m4 = block[at + 4];
  let m5 = block[at + 5];
  let m6 = block[at + 6];
  let m7 = block[at + 7];
  let m8 = block[at + 8];
  let m9 = block[at + 9];
  let m10 = block[at + 10];
  let m11 = block[at + 11];
  let m12 = block[at + 12];
  let m13 = block[at + 13];
  let m14 = block[at + 14];
  let m15 = block[at + 15];
  for (let round = 1; ; round++) {
    // G on the columns, then on the diagonals.
    v0 = (v0 + v4 + m0) | 0;
    v12 ^= v0;
    v12 = (v12 >>> 16) | (v12 << 16);
    v8 = (v8 + v12) | 0;
    v4 ^= v8;
    v4 = (v4 >>> 12) | (v4 << 20);
    v0 = (v0 + v4 + m1) | 0;
    v12 ^= v0;
    v12 = (v12 >>> 8) | (v12 << 24);
    v8 = (v8 + v12) | 0;
    v4 ^= v8;
    v4 = (v4 >>> 7) | (v4 << 25);
    v1 = (v1 + v5 + m2) | 0;
    v13 ^= v1;
    v13 = (v13 >>> 16) | (v13 << 16);
    v9 = (v9 + v13) | 0;
    v5 ^= v9;
    v5 = (v5 >>> 12) | (v5 << 20);
    v1 = (v1 + v5 + m3) | 0;
    v13 ^= v1;
    v13 = (v13 >>> 8) | (v13 << 24);
    v9 = (v9 + v13) | 0;
    v5 ^= v9;
    v5 = (v5 >>> 7) | (v5 << 25);
    v2 = (v2 + v6 + m4) | 0;
    v14 ^= v2;
    v14 = (v14 >>> 16) | (v14 << 16);
    v10 = (v10 + v14) | 0;
    v6 ^= v10;
    v6 = (v6 >>> 12) | (v6 << 20);
    v2 = (v2 + v6 + m5) | 0;
    v14 ^= v2;
    v14 = (v14 >>> 8) | (v14 << 24);
    v10 = (v10 + v14) | 0;
    v6 ^= v10;
    v6 = (v6 >>> 7) | (v6 << 25);
    v3 = (v3 + v7 + m6) | 0;
    v15 ^= v3;
    v15 = (v15 >>> 16) | (v15 << 16);
    v11 = (v11 + v15) | 0;
    v7 ^= v11;
    v7 = (v7 >>> 12) | (v7 << 20);
    v3 = (v3 + v7 + m7) | 0;
    v15 ^= v3;
    v15 = (v15 >>> 8) | (v15 << 24);
    v11 = (v11 + v15) | 0;
    v7 ^= v11;
    v7 = (v7 >>> 7) | (v7 << 25);
    v0 = (v0 + v5 + m8) | 0;
    v15 ^= v0;
    v15 = (v15 >>> 16) | (v15 << 16);
    v10 = (v10 + v15) | 0;
    v5 ^= v10;
    v5 = (v5 >>> 12) | (v5 << 20);
    v0 = (v0 + v5 + m9) | 0;
    v15 ^= v0;
    v15 = (v15 >>> 8) | (v15 << 24);
    v10 = (v10 + v15) | 0;
    v5 ^= v10;
    v5 = (v5 >>> 7) | (v5 << 25);
    v1 = (v1 + v6 + m10) | 0;
    v12 ^= v1;
    v12 = (v12 >>> 16) | (v12 << 16);
    v11 = (v11 + v12) | 0;
    v6 ^= v11;
    v6 = (v6 >>> 12) | (v6 << 20);
    v1 = (v1 + v6 + m11) | 0;
    v12 ^= v1;
    v12 = (v12 >>> 8) | (v12 << 24);
    v11 = (v11 + v12) | 0;
    v6 ^= v11;
    v6 = (v6 >>> 7) | (v6 << 25);
    v2 = (v2 + v7 + m12) | 0;
    v13 ^= v2;
    v13 = (v13 >>> 16) | (v13 << 16);
    v8 = (v8 + v13) | 0;
    v7 ^= v8;
    v7 = (v7 >>> 12) | (v7 << 20);
    v2 = (v2 + v7 + m13) | 0;
    v13 ^= v2;
    v13 = (v13 >>> 8) | (v13 << 24);
    v8 = (v8 + v13) | 0;
    v7 ^= v8;
    v7 = (v7 >>> 7) | (v7 << 25);
    v3 = (v3 + v4 + m14) | 0;
    v14 ^= v3;
    v14 = (v14 >>> 16) | (v14 << 16);
    v9 = (v9 + v14) | 0;
    v4 ^= v9;
    v4 = (v4 >>> 12) | (v4 << 20);
    v3 = (v3 + v4 + m15) | 0;
    v14 ^= v3;
    v14 = (v14 >>> 8) | (v14 << 24);
    v9 = (v9 + v14) | 0;
    v4 ^= v9;
    v4 = (v4 >>> 7) | (v4 << 25);
    if (round === ROUNDS) break;
    // The message permutation, cycle by cycle.
    const saved0 = m0;
    m0 = m2;
    m2 = m3;
    m3 = m10;
    m10 = m12;
    m12 = m9;
    m9 = m11;
    m11 = m5;
    m5 = saved0;
    const saved1 = m1;
    m1 = m6;
    m6 = m4;
    m4 = m7;
    m7 = m13;
    m13 = m14;
    m14 = m15;
    m15 = m8;
    m8 = saved1;
  }
  out[outAt + 8] = v8 ^ chaining[0];
  out[outAt + 9] = v9 ^ chaining[1];
  out[outAt + 10] = v10 ^ chaining[2];
  out[outAt + 11] = v11 ^ chaining[3];
  out[outAt + 12] = v12 ^ chaining[4];
  out[outAt + 13] = v13 ^ chaining[5];
  out[outAt + 14] = v14 ^ chaining[6];
  out[outAt + 15] = v15 ^ chaining[7];
  out[outAt + 0] = v0 ^ v8;
  out[outAt + 1] = v1 ^ v9;
  out[outAt + 2] = v2 ^ v10;
  out[outAt + 3] = v3 ^ v11;
  out[outAt + 4] = v4 ^ v12;
  out[outAt + 5] = v5 ^ v13;
  out[outAt + 6] = v6 ^ v14;
  out[outAt + 7] = v7 ^ v15;
}
