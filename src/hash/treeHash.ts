/**
 * The hash tree of BLAKE3 (specification, §2.1 and §2.6) over a message in words: chunks of 16 blocks are the leaves of a
 * binary tree whose left subtrees are complete and as large as possible; the root block is compressed once for every 64
 * bytes of output.
 */
import { BLOCK_WORDS, CHAINING_WORDS, compress } from "./compress.ts";

export const BLOCK_BYTES = 64;
export const PLAIN_HASH = 0;
export const KEYED_HASH = 16;
export const DERIVE_KEY_CONTEXT = 32;
export const DERIVE_KEY_MATERIAL = 64;

const CHUNK_BLOCKS = 16;
const CHUNK_BYTES = CHUNK_BLOCKS * BLOCK_BYTES;
const CHUNK_START = 1;
const CHUNK_END = 2;
const PARENT = 4;
const ROOT = 8;
/** Flags of a message of a single block under a key. */
export const KEYED_BLOCK: number = KEYED_HASH | CHUNK_START | CHUNK_END | ROOT;

/**
 * Extended output for a message of `messageBytes` bytes, given as little-endian words with zeros up to the end of its last
 * block. `key` is the initialisation vector where `mode` is `PLAIN_HASH`.
 */
export function treeHash(
  key: Int32Array,
  mode: number,
  blocks: Int32Array,
  messageBytes: number,
  outputBytes: number,
): Uint8Array {
  const lastChunk = Math.max(0, Math.ceil(messageBytes / CHUNK_BYTES) - 1);
  const lastBytes = messageBytes - lastChunk * CHUNK_BYTES;
  const before = Math.max(0, Math.ceil(lastBytes / BLOCK_BYTES) - 1);
  const lastBlock = BLOCK_WORDS * (CHUNK_BLOCKS * lastChunk + before);
  const numBytes = lastBytes - before * BLOCK_BYTES;
  const flags = mode | CHUNK_END | (before === 0 ? CHUNK_START : 0);
  const value = new Int32Array(BLOCK_WORDS);
  if (lastChunk === 0) {
    compressBlocks(value, key, mode, blocks, 0, before);
    return squeeze(value, blocks, lastBlock, numBytes, flags | ROOT, outputBytes);
  }
  // Chaining values of complete subtrees, largest first. Two neighbours are the block of their parent.
  const stack = new Int32Array(CHAINING_WORDS * (33 - Math.clz32(lastChunk)));
  let depth = 0;
  const push = (): void => {
    for (let i = 0; i < CHAINING_WORDS; i++) stack[CHAINING_WORDS * depth + i] = value[i];
    depth++;
  };
  const join = (): void => {
    compress(key, stack, CHAINING_WORDS * (depth - 2), 0, BLOCK_BYTES, mode | PARENT, value, 0);
    depth -= 2;
    push();
  };
  for (let chunk = 0; chunk < lastChunk; chunk++) {
    compressBlocks(value, key, mode, blocks, chunk, CHUNK_BLOCKS);
    push();
    for (let subtrees = chunk + 1; subtrees % 2 === 0; subtrees /= 2) join();
  }
  compressBlocks(value, key, mode, blocks, lastChunk, before);
  compress(value, blocks, lastBlock, lastChunk, numBytes, flags, value, 0);
  push();
  while (depth > 2) join();
  return squeeze(key, stack, 0, BLOCK_BYTES, mode | PARENT | ROOT, outputBytes);
}

/** Compresses the first `count` blocks of a chunk. */
function compressBlocks(
  value: Int32Array,
  key: Int32Array,
  mode: number,
  blocks: Int32Array,
  chunk: number,
  count: number,
): void {
  for (let i = 0; i < CHAINING_WORDS; i++) value[i] = key[i];
  for (let i = 0; i < count; i++) {
    const flags = mode | (i === 0 ? CHUNK_START : 0) | (i === CHUNK_BLOCKS - 1 ? CHUNK_END : 0);
    compress(value, blocks, BLOCK_WORDS * (CHUNK_BLOCKS * chunk + i), chunk, BLOCK_BYTES, flags, value, 0);
  }
}

function squeeze(
  value: Int32Array,
  block: Int32Array,
  at: number,
  numBytes: number,
  flags: number,
  outputBytes: number,
): Uint8Array {
  const words = new Int32Array(BLOCK_WORDS * Math.ceil(outputBytes / BLOCK_BYTES));
  for (let i = 0; i * BLOCK_WORDS < words.length; i++) {
    compress(value, block, at, i, numBytes, flags, words, BLOCK_WORDS * i);
  }
  const output = new Uint8Array(outputBytes);
  for (let i = 0; i < outputBytes; i++) output[i] = words[i >> 2] >>> (8 * (i & 3));
  return output;
}
