/** BLAKE3 in keyed mode with one key per use, so that no two uses can be confused. Adapter to @noble/hashes. */
import { blake3 } from "@noble/hashes/blake3.js";

export const HASH_BYTES = 32;

/** A 256-bit key that is the BLAKE3 hash of a label of this protocol. */
export function labelKey(label: string): Uint8Array {
  return blake3(new TextEncoder().encode(`tensorproof/${label}`));
}

export function keyedHash(key: Uint8Array, message: Uint8Array, numBytes: number = HASH_BYTES): Uint8Array {
  return blake3(message, { key, dkLen: numBytes });
}

/** Little-endian words of a byte string whose length is a multiple of 4 (a copy, on any machine). */
export function bytesToWords(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Uint32Array(bytes.length >> 2);
  for (let i = 0; i < words.length; i++) words[i] = view.getUint32(4 * i, true);
  return words;
}

export function wordsToBytes(words: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < words.length; i++) view.setUint32(4 * i, words[i], true);
  return bytes;
}
