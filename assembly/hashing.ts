/** Keyed BLAKE3 of single blocks, four at a time: tree nodes, proof of work, extended output. */
import { blockArea, keyArea, outputArea, SINGLE_BLOCK, BLOCK_BYTES } from "./blake3";
import { compress4, compress4Wide } from "./generated/compress";
import { broadcast, interleave, separate } from "./interleave";
import { P } from "./field";

/** dst[j] = hash of the 64 bytes at src + 64·j. */
export function merkleNodes(dst: usize, src: usize, key: usize, count: u32): void {
  broadcast(keyArea(), key, 8);
  while (count >= 4) {
    interleave(blockArea(), src, 64, 4);
    compress4(outputArea(), keyArea(), blockArea(), i32x4.splat(0), 64, SINGLE_BLOCK);
    separate(dst, outputArea(), 2);
    dst += 128;
    src += 256;
    count -= 4;
  }
  for (; count > 0; count--) {
    broadcast(blockArea(), src, 16);
    compress4(outputArea(), keyArea(), blockArea(), i32x4.splat(0), 64, SINGLE_BLOCK);
    for (let k: u32 = 0; k < 8; k++) store<u32>(dst + (k << 2), load<u32>(outputArea() + (k << 4)));
    dst += 32;
    src += 64;
  }
}

/** The smallest k in [0, count) such that nonce `start` + k is good, −1 if none. */
export function grind(state: usize, start: u32, key: usize, mask: u32, count: u32): i32 {
  broadcast(keyArea(), key, 8);
  broadcast(blockArea(), state, 8);
  memory.fill(blockArea() + BLOCK_BYTES / 2, 0, BLOCK_BYTES / 2);
  for (let k: u32 = 0; k < count; k += 4) {
    v128.store(blockArea() + 128, i32x4.add(i32x4.splat(start + k), i32x4(0, 1, 2, 3)));
    compress4(outputArea(), keyArea(), blockArea(), i32x4.splat(0), 64, SINGLE_BLOCK);
    const good = i32x4.eq(v128.and(v128.load(outputArea()), i32x4.splat(mask)), i32x4.splat(0));
    const lanes = i32x4.bitmask(good);
    if (lanes) {
      const first = k + ctz(lanes);
      return first < count ? <i32>first : -1;
    }
  }
  return -1;
}

/** `count` words of the extended output of the empty message, from the beginning of block `firstBlock`. */
export function xofWords(dst: usize, key: usize, firstBlock: u32, count: u32): void {
  broadcast(keyArea(), key, 8);
  memory.fill(blockArea(), 0, BLOCK_BYTES);
  while (count > 0) {
    const counter = i32x4.add(i32x4.splat(firstBlock), i32x4(0, 1, 2, 3));
    compress4Wide(outputArea(), keyArea(), blockArea(), counter, 0, SINGLE_BLOCK);
    if (count >= 64) {
      separate(dst, outputArea(), 4);
      dst += 256;
      firstBlock += 4;
      count -= 64;
    } else {
      for (let k: u32 = 0; k < count; k++) {
        store<u32>(dst + (k << 2), load<u32>(outputArea() + ((k & 15) << 4) + ((k >> 4) << 2)));
      }
      count = 0;
    }
  }
}

/** In place x & p; the first index whose result is p, −1 if none. */
export function maskToField(ptr: usize, count: u32): i32 {
  const p = i32x4.splat(P);
  let found: i32 = -1;
  const whole = count & ~3;
  for (let k: u32 = 0; k < whole; k += 4) {
    const at = ptr + (k << 2);
    const masked = v128.and(v128.load(at), p);
    v128.store(at, masked);
    if (found < 0) {
      const lanes = i32x4.bitmask(i32x4.eq(masked, p));
      if (lanes) found = k + ctz(lanes);
    }
  }
  for (let k = whole; k < count; k++) {
    const at = ptr + (k << 2);
    const masked = load<u32>(at) & P;
    store<u32>(at, masked);
    if (found < 0 && masked == P) found = k;
  }
  return found;
}
