/** Moves that the vector kernels cannot do: parts of ext4 arrays that begin inside a line. */

/** dst[dstFirst + x] = src[srcFirst + x] for x in [0, count), in ascending order. */
export function extMove(dst: usize, dstFirst: u32, src: usize, srcFirst: u32, count: u32): void {
  for (let x: u32 = 0; x < count; x++) {
    const from = element(src, srcFirst + x);
    const to = element(dst, dstFirst + x);
    store<u32>(to, load<u32>(from));
    store<u32>(to, load<u32>(from, 16), 16);
    store<u32>(to, load<u32>(from, 32), 32);
    store<u32>(to, load<u32>(from, 48), 48);
  }
}

// @ts-ignore: decorator
@inline
function element(array: usize, index: u32): usize {
  return array + ((<usize>index >> 2) << 6) + ((index & 3) << 2);
}
