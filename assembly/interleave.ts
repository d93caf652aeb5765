/** Between four consecutive messages and the lane-interleaved order, where vector k holds word k of each. */

/** Vectors dst[0 … 3] = the 4×4 transpose of the vectors at the four addresses. */
// @ts-ignore: decorator
@inline
export function transpose(dst: usize, r0: usize, r1: usize, r2: usize, r3: usize): void {
  const a = v128.load(r0);
  const b = v128.load(r1);
  const c = v128.load(r2);
  const d = v128.load(r3);
  const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  v128.store(dst, v128.shuffle<u64>(ab, cd, 0, 2), 0);
  v128.store(dst, v128.shuffle<u64>(ab, cd, 1, 3), 16);
  v128.store(dst, v128.shuffle<u64>(abHigh, cdHigh, 0, 2), 32);
  v128.store(dst, v128.shuffle<u64>(abHigh, cdHigh, 1, 3), 48);
}

/** Four messages of `vectors`·4 words, `distance` bytes apart, to interleaved order. */
// @ts-ignore: decorator
@inline
export function interleave(dst: usize, src: usize, distance: usize, vectors: u32): void {
  for (let k: u32 = 0; k < vectors; k++) {
    const at = src + (k << 4);
    transpose(dst + (k << 6), at, at + distance, at + 2 * distance, at + 3 * distance);
  }
}

/** The reverse: interleaved vectors to four messages of `vectors`·4 words, each following the one before. */
// @ts-ignore: decorator
@inline
export function separate(dst: usize, src: usize, vectors: u32): void {
  const distance = <usize>vectors << 4;
  const block = src;
  for (let k: u32 = 0; k < vectors; k++) {
    const from = block + (k << 6);
    const a = v128.load(from, 0);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
    const abHigh = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
    const cdHigh = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
    const to = dst + (k << 4);
    v128.store(to, v128.shuffle<u64>(ab, cd, 0, 2));
    v128.store(to + distance, v128.shuffle<u64>(ab, cd, 1, 3));
    v128.store(to + 2 * distance, v128.shuffle<u64>(abHigh, cdHigh, 0, 2));
    v128.store(to + 3 * distance, v128.shuffle<u64>(abHigh, cdHigh, 1, 3));
  }
}

/** `words` words, each into all lanes of a vector. */
// @ts-ignore: decorator
@inline
export function broadcast(dst: usize, src: usize, words: u32): void {
  for (let k: u32 = 0; k < words; k++) v128.store(dst + (k << 4), v128.load_splat<u32>(src + (k << 2)));
}
