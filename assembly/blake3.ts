/** What the keyed hash kernels have in common: flags and the layout of the scratch memory. BLAKE3 specification, table 3. */
import { scratch } from "./scratch";

// @ts-ignore: decorator
@inline
export const CHUNK_START: u32 = 1;
// @ts-ignore: decorator
@inline
export const CHUNK_END: u32 = 2;
// @ts-ignore: decorator
@inline
export const PARENT: u32 = 4;
// @ts-ignore: decorator
@inline
export const ROOT: u32 = 8;
// @ts-ignore: decorator
@inline
export const KEYED: u32 = 16;
/** A message of at most one block. */
// @ts-ignore: decorator
@inline
export const SINGLE_BLOCK: u32 = CHUNK_START | CHUNK_END | ROOT | KEYED;

/** Eight vectors: a chaining value, or a key, for four messages. */
// @ts-ignore: decorator
@inline
export const VALUE_BYTES: usize = 128;
/** Sixteen vectors: one block of four messages. */
// @ts-ignore: decorator
@inline
export const BLOCK_BYTES: usize = 256;

// @ts-ignore: decorator
@inline
export function keyArea(): usize {
  return scratch();
}

// @ts-ignore: decorator
@inline
export function blockArea(): usize {
  return scratch() + VALUE_BYTES;
}

/** Room for a wide output. */
// @ts-ignore: decorator
@inline
export function outputArea(): usize {
  return scratch() + VALUE_BYTES + BLOCK_BYTES;
}

/** Free for the kernel. */
// @ts-ignore: decorator
@inline
export function freeArea(): usize {
  return scratch() + VALUE_BYTES + 2 * BLOCK_BYTES;
}
