/**
 * BLAKE3 with one key or context per use, so that no two uses can be confused. Written out in this folder because the
 * verifier hashes thousands of messages of one to three blocks, on which a general library spends twenty times as long
 * with its hasher objects as with compressions; the tests hold it against @noble/hashes.
 */
import { BLOCK_WORDS, CHAINING_WORDS, IV } from "./compress.ts";
import {
  BLOCK_BYTES,
  DERIVE_KEY_CONTEXT,
  DERIVE_KEY_MATERIAL,
  KEYED_HASH,
  PLAIN_HASH,
  treeHash,
} from "./treeHash.ts";

export const HASH_BYTES = 32;

/** A 256-bit key that is the BLAKE3 hash of a label of this protocol. */
export function labelKey(label: string): Uint8Array {
  const message = new TextEncoder().encode(`tensorproof/${label}`);
  return treeHash(IV, PLAIN_HASH, toBlocks(message), message.length, HASH_BYTES);
}

export function keyedHash(key: Uint8Array, message: Uint8Array, numBytes: number = HASH_BYTES): Uint8Array {
  return treeHash(keyWords(key), KEYED_HASH, toBlocks(message), message.length, numBytes);
}

/** BLAKE3 in key derivation mode (specification, §2.3): the hash of a file or an identity, apart from all other contexts. */
export function contextHash(context: string, message: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(context);
  const key = treeHash(IV, DERIVE_KEY_CONTEXT, toBlocks(name), name.length, HASH_BYTES);
  return treeHash(keyWords(key), DERIVE_KEY_MATERIAL, toBlocks(message), message.length, HASH_BYTES);
}

/** The key as `treeHash` and `compress` take it. */
export function keyWords(key: Uint8Array): Int32Array {
  if (key.length !== HASH_BYTES) throw new RangeError(`key: expected ${HASH_BYTES} bytes, got ${key.length}`);
  const words = new Int32Array(CHAINING_WORDS);
  loadWords(key, words, 0);
  return words;
}

/** Copies the whole little-endian words of a byte string, on any machine. */
export function loadWords(bytes: Uint8Array, words: Int32Array | Uint32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numWords = bytes.length >> 2;
  for (let i = 0; i < numWords; i++) words[at + i] = view.getInt32(4 * i, true);
}

/** Little-endian words of a byte string whose length is a multiple of 4 (a copy, on any machine). */
export function bytesToWords(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(bytes.length >> 2);
  loadWords(bytes, words, 0);
  return words;
}

export function wordsToBytes(words: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < words.length; i++) view.setUint32(4 * i, words[i], true);
  return bytes;
}

/** Words of a message, padded with zeros to whole blocks, at least one. */
function toBlocks(message: Uint8Array): Int32Array {
  const words = new Int32Array(BLOCK_WORDS * Math.max(1, Math.ceil(message.length / BLOCK_BYTES)));
  loadWords(message, words, 0);
  for (let i = message.length & ~3; i < message.length; i++) words[i >> 2] |= message[i] << (8 * (i & 3));
  return words;
}
