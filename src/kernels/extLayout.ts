/**
 * The `ext4` layout of vectors over K: element j lives in the 64-byte line j >> 2, coordinate c at word 4c + (j & 3), so
 * that one SIMD register holds one coordinate of four neighbours.
 */
import type { Ext } from "../field/ext.ts";

/** Words of an ext4 array of `length` elements: whole lines. */
export function extWords(length: number): number {
  return Math.ceil(length / 4) * 16;
}

/** Word index of coordinate 0 of element j of the array at byte offset `ptr`; coordinate c is 4c words further. */
export function extIndex(ptr: number, j: number): number {
  return ptr / 4 + (j - (j % 4)) * 4 + (j % 4);
}

export function readExt4(words: Uint32Array, ptr: number, j: number): Ext {
  const at = extIndex(ptr, j);
  return [words[at], words[at + 4], words[at + 8], words[at + 12]];
}

export function writeExt4(words: Uint32Array, ptr: number, j: number, value: Ext): void {
  const at = extIndex(ptr, j);
  for (let c = 0; c < 4; c++) words[at + 4 * c] = value[c];
}

/** A scalar: 4 consecutive words. */
export function readScalar(words: Uint32Array, ptr: number): Ext {
  const at = ptr / 4;
  return [words[at], words[at + 1], words[at + 2], words[at + 3]];
}

export function writeScalar(words: Uint32Array, ptr: number, value: Ext): void {
  words.set(value, ptr / 4);
}
