/**
 * Merkle trees over 2^depth salted leaves, and the verification of many leaves at once: only siblings that cannot be
 * computed are sent, level by level from the leaves, by ascending index.
 */
import { check } from "../errors/proofError.ts";
import { HASH_BYTES, keyedHash, labelKey, wordsToBytes } from "./blake3.ts";

export const LEAF_KEY: Uint8Array = labelKey("merkle/leaf/v1");
export const NODE_KEY: Uint8Array = labelKey("merkle/node/v1");
export const SALT_BYTES = 32;

/** Leaf: block of label, index, number of words and salt, then the words. */
export function hashLeaf(label: number, index: number, salt: Uint8Array, words: Uint32Array): Uint8Array {
  const message = new Uint8Array(64 + 4 * words.length);
  message.set(wordsToBytes([label, index, words.length]));
  message.set(salt, 32);
  message.set(wordsToBytes(words), 64);
  return keyedHash(LEAF_KEY, message);
}

export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  const message = new Uint8Array(2 * HASH_BYTES);
  message.set(left);
  message.set(right, HASH_BYTES);
  return keyedHash(NODE_KEY, message);
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
  let known = indices.map((index, i) => ({ index, hash: leaves[i] }));
  let next = 0;
  for (let level = 0; level < depth; level++) {
    const parents: typeof known = [];
    for (let i = 0; i < known.length; i++) {
      const { index, hash } = known[i];
      let sibling: Uint8Array;
      if (index % 2 === 0 && i + 1 < known.length && known[i + 1].index === index + 1)
        sibling = known[++i].hash;
      else {
        check(next < path.length, "merkle.path", `level ${level}`);
        sibling = path[next++];
      }
      const parent = index % 2 === 0 ? hashNode(hash, sibling) : hashNode(sibling, hash);
      parents.push({ index: index >> 1, hash: parent });
    }
    known = parents;
  }
  check(next === path.length && known.length === 1, "merkle.path", "number of hashes");
  return known[0].hash;
}
