/**
 * BLAKE3 in three modes: docs/spec/02-hash-merkle.md, 2.1; written from O'Connor, Aumasson, Neves, Wilcox-O'Hearn,
 * "BLAKE3: one function, fast everywhere" (2020), section 2, without any trick.
 */
import { ascii, joinBytes, u32Bytes } from "./bytes.ts";

const CHUNK_START = 1;
const CHUNK_END = 2;
const PARENT = 4;
const ROOT = 8;
const KEYED_HASH = 16;
const DERIVE_KEY_CONTEXT = 32;
const DERIVE_KEY_MATERIAL = 64;

/** Fractional parts of the square roots of the first eight primes, as SHA-256 has them. */
const IV = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const;
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8] as const;

type Words = readonly number[];

/** What a node of the hash tree is compressed from. */
interface Node {
  chaining: Words;
  block: Words;
  counter: number;
  blockLength: number;
  flags: number;
}

/** hash(m, len) */
export function hash(message: Uint8Array, length = 32): Uint8Array {
  return digest(message, IV, 0, length);
}

/** keyed(k, m, len) */
export function keyed(key: Uint8Array, message: Uint8Array, length = 32): Uint8Array {
  return digest(message, toWords(key), KEYED_HASH, length);
}

/** derive(context, m) */
export function derive(context: string, message: Uint8Array): Uint8Array {
  const key = digest(ascii(context), IV, DERIVE_KEY_CONTEXT, 32);
  return digest(message, toWords(key), DERIVE_KEY_MATERIAL, 32);
}

const labels = new Map<string, Uint8Array>();

/** label(x) = hash("tensorproof/" ‖ x); computed once for each x. */
export function label(name: string): Uint8Array {
  const known = labels.get(name) ?? hash(ascii(`tensorproof/${name}`));
  labels.set(name, known);
  return known;
}

function digest(message: Uint8Array, key: Words, mode: number, length: number): Uint8Array {
  const root = tree(message, 0, key, mode);
  const blocks: Uint8Array[] = [];
  for (let counter = 0; 64 * counter < length; counter++) {
    blocks.push(joinBytes(compress({ ...root, counter, flags: root.flags + ROOT }).map(u32Bytes)));
  }
  return joinBytes(blocks).slice(0, length);
}

/** The top node over a part of the message that begins with chunk number `firstChunk`. */
function tree(message: Uint8Array, firstChunk: number, key: Words, mode: number): Node {
  if (message.length <= 1024) return chunk(message, firstChunk, key, mode);
  let leftChunks = 1;
  while (leftChunks * 2 * 1024 < message.length) leftChunks *= 2;
  const left = tree(message.subarray(0, leftChunks * 1024), firstChunk, key, mode);
  const right = tree(message.subarray(leftChunks * 1024), firstChunk + leftChunks, key, mode);
  const block = [...chainingValue(left), ...chainingValue(right)];
  return { chaining: key, block, counter: 0, blockLength: 64, flags: mode + PARENT };
}

function chunk(message: Uint8Array, chunkNumber: number, key: Words, mode: number): Node {
  const numBlocks = Math.max(1, Math.ceil(message.length / 64));
  let chaining = key;
  for (let index = 0; ; index++) {
    const bytes = message.subarray(64 * index, 64 * index + 64);
    const padded = new Uint8Array(64);
    padded.set(bytes);
    const isLast = index === numBlocks - 1;
    const flags = mode + (index === 0 ? CHUNK_START : 0) + (isLast ? CHUNK_END : 0);
    const node = { chaining, block: toWords(padded), counter: chunkNumber, blockLength: bytes.length, flags };
    if (isLast) return node;
    chaining = chainingValue(node);
  }
}

function chainingValue(node: Node): Words {
  return compress(node).slice(0, 8);
}

/** The compression function: 16 words. */
function compress(node: Node): Words {
  const state: number[] = [
    ...node.chaining,
    ...IV.slice(0, 4),
    node.counter % 2 ** 32,
    Math.floor(node.counter / 2 ** 32),
    node.blockLength,
    node.flags,
  ];
  let block = node.block;
  for (let round = 0; round < 7; round++) {
    mix(state, 0, 4, 8, 12, block[0]!, block[1]!);
    mix(state, 1, 5, 9, 13, block[2]!, block[3]!);
    mix(state, 2, 6, 10, 14, block[4]!, block[5]!);
    mix(state, 3, 7, 11, 15, block[6]!, block[7]!);
    mix(state, 0, 5, 10, 15, block[8]!, block[9]!);
    mix(state, 1, 6, 11, 12, block[10]!, block[11]!);
    mix(state, 2, 7, 8, 13, block[12]!, block[13]!);
    mix(state, 3, 4, 9, 14, block[14]!, block[15]!);
    block = PERMUTATION.map((from) => block[from]!);
  }
  const output: number[] = [];
  for (let index = 0; index < 8; index++) {
    output[index] = (state[index]! ^ state[index + 8]!) >>> 0;
    output[index + 8] = (state[index + 8]! ^ node.chaining[index]!) >>> 0;
  }
  return output;
}

function mix(state: number[], a: number, b: number, c: number, d: number, x: number, y: number): void {
  state[a] = (state[a]! + state[b]! + x) >>> 0;
  state[d] = rotateRight(state[d]! ^ state[a]!, 16);
  state[c] = (state[c]! + state[d]!) >>> 0;
  state[b] = rotateRight(state[b]! ^ state[c]!, 12);
  state[a] = (state[a]! + state[b]! + y) >>> 0;
  state[d] = rotateRight(state[d]! ^ state[a]!, 8);
  state[c] = (state[c]! + state[d]!) >>> 0;
  state[b] = rotateRight(state[b]! ^ state[c]!, 7);
}

function rotateRight(word: number, by: number): number {
  return ((word >>> by) | (word << (32 - by))) >>> 0;
}

/** Little-endian words of bytes. */
function toWords(bytes: Uint8Array): Words {
  const words: number[] = [];
  for (let index = 0; index < bytes.length; index += 4) {
    const high = bytes[index + 3]! * 2 ** 24 + bytes[index + 2]! * 2 ** 16;
    words.push(high + bytes[index + 1]! * 2 ** 8 + bytes[index]!);
  }
  return words;
}
