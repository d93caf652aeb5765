/**
 * Merkle trees over 2^depth salted leaves, and the verification of many leaves at once: only siblings that cannot be
 * computed are sent, level by level from the leaves, by ascending index. A node is the hash of one block, its children.
 */
import { check } from "../errors/proofError.ts";
import { HASH_BYTES, keyWords, labelKey, loadWords, wordsToBytes } from "./blake3.ts";
import { BLOCK_WORDS, CHAINING_WORDS, compress } from "./compress.ts";
import { BLOCK_BYTES, KEYED_BLOCK, KEYED_HASH, treeHash } from "./treeHash.ts";

export const LEAF_KEY: Uint8Array = labelKey("merkle/leaf/v1");
export const NODE_KEY: Uint8Array = labelKey("merkle/node/v1");
export const SALT_BYTES = 32;

const LEAF_KEY_WORDS: Int32Array = keyWords(LEAF_KEY);
const NODE_KEY_WORDS: Int32Array = keyWords(NODE_KEY);

/** Leaf: block of label, index, number of words and salt, then the words. */
export function hashLeaf(label: number, index: number, salt: Uint8Array, words: Uint32Array): Uint8Array {
  const blocks = new Int32Array(BLOCK_WORDS * (1 + Math.ceil(words.length / BLOCK_WORDS)));
  blocks[0] = label;
  blocks[1] = index;
  blocks[2] = words.length;
  loadWords(salt, blocks, 8);
  blocks.set(words, BLOCK_WORDS);
  return treeHash(LEAF_KEY_WORDS, KEYED_HASH, blocks, BLOCK_BYTES + 4 * words.length, HASH_BYTES);
}

/**
 * Indices of the siblings that are missing at each level, leaves first, for ascending distinct leaf indices. Both sides
 * derive the number and the order of the path's hashes from it.
 */
export function missingSiblings(indices: readonly number[], depth: number): number[][] {
  const levels: number[][] = [];
  let known = [...indices];
  for (let level = 0; level < depth; level++) {
    const missing: number[] = [];
    const parents: number[] = [];
    for (let i = 0; i < known.length; i++) {
      const index = known[i];
      if (index % 2 === 0 && known[i + 1] === index + 1) i++;
      else missing.push(index ^ 1);
      parents.push(index >> 1);
    }
    levels.push(missing);
    known = parents;
  }
  return levels;
}

/** Root from leaf hashes at ascending distinct indices and the missing siblings in order. */
export function rootFromLeaves(
  indices: readonly number[],
  leaves: readonly Uint8Array[],
  depth: number,
  path: readonly Uint8Array[],
): Uint8Array {
  // The known nodes of one level. Parents take their children's places from the front, each after they were read.
  const known = [...indices];
  const hashes = new Int32Array(CHAINING_WORDS * known.length);
  leaves.forEach((leaf, i) => {
    loadWords(leaf, hashes, CHAINING_WORDS * i);
  });
  let numKnown = known.length;
  let next = 0;
  const children = new Int32Array(BLOCK_WORDS);
  const parent = new Int32Array(BLOCK_WORDS);
  for (let level = 0; level < depth; level++) {
    let numParents = 0;
    for (let i = 0; i < numKnown; i++) {
      const index = known[i];
      const side = CHAINING_WORDS * (index % 2);
      copyHash(hashes, CHAINING_WORDS * i, children, side);
      if (index % 2 === 0 && i + 1 < numKnown && known[i + 1] === index + 1) {
        copyHash(hashes, CHAINING_WORDS * ++i, children, CHAINING_WORDS);
      } else {
        check(path[next]?.length === HASH_BYTES, "merkle.path", `level ${level}`);
        loadWords(path[next++], children, CHAINING_WORDS - side);
      }
      compress(NODE_KEY_WORDS, children, 0, 0, BLOCK_BYTES, KEYED_BLOCK, parent, 0);
      copyHash(parent, 0, hashes, CHAINING_WORDS * numParents);
      known[numParents++] = index >> 1;
    }
    numKnown = numParents;
  }
  check(next === path.length && numKnown === 1, "merkle.path", "number of hashes");
  return wordsToBytes(hashes.subarray(0, CHAINING_WORDS));
}

function copyHash(from: Int32Array, at: number, to: Int32Array, toAt: number): void {
  for (let i = 0; i < CHAINING_WORDS; i++) to[toAt + i] = from[at + i];
}
