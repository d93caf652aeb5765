/**
 * Leaves, nodes, roots from many leaves, proof of work: docs/spec/02-hash-merkle.md, 2.2 to 2.5.
 */
import { keyed, label } from "./blake3.ts";
import { joinBytes, u32Bytes } from "./bytes.ts";
import type { F } from "./field.ts";

/** The hash of the leaf with these words. */
export function leafHash(
  treeLabel: number,
  index: number,
  salt: Uint8Array,
  words: readonly F[],
): Uint8Array {
  const message = joinBytes([
    u32Bytes(treeLabel),
    u32Bytes(index),
    u32Bytes(words.length),
    new Uint8Array(20),
    salt,
    ...words.map(u32Bytes),
  ]);
  return keyed(label("merkle/leaf/v1"), message);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return keyed(label("merkle/node/v1"), joinBytes([left, right]));
}

/** For each level from the leaves up, the nodes whose hashes a path must give; `indices` distinct and ascending. */
export function missingNodes(indices: readonly number[], logLength: number): number[][] {
  const levels: number[][] = [];
  let known = [...indices];
  for (let level = 0; level < logLength; level++) {
    levels.push(known.map(sibling).filter((node) => !known.includes(node)));
    known = parents(known);
  }
  return levels;
}

/** The root that the leaves and the path give. The path has exactly the hashes of `missingNodes`. */
export function rootOf(
  indices: readonly number[],
  leaves: readonly Uint8Array[],
  path: readonly Uint8Array[],
  logLength: number,
): Uint8Array {
  let known = new Map(indices.map((index, place) => [index, leaves[place]!]));
  let position = 0;
  for (const missing of missingNodes(indices, logLength)) {
    const next = new Map<number, Uint8Array>();
    const given = new Map(missing.map((node) => [node, path[position++]!]));
    const hashOf = (node: number): Uint8Array => (known.get(node) ?? given.get(node))!;
    for (const parent of parents([...known.keys()])) {
      next.set(parent, nodeHash(hashOf(2 * parent), hashOf(2 * parent + 1)));
    }
    known = next;
  }
  if (position !== path.length || known.size !== 1) throw new RangeError("a path of another length");
  return known.get(0)!;
}

/** work(state, nonce, bits) of 2.4. */
export function workIsDone(state: Uint8Array, nonce: number, bits: number): boolean {
  const h = keyed(label("grind/v1"), joinBytes([state, u32Bytes(nonce), new Uint8Array(28)]));
  const first = h[0]! + 2 ** 8 * h[1]! + 2 ** 16 * h[2]! + 2 ** 24 * h[3]!;
  return first % 2 ** bits === 0;
}

function sibling(node: number): number {
  return node % 2 === 0 ? node + 1 : node - 1;
}

function parents(nodes: readonly number[]): number[] {
  return [...new Set(nodes.map((node) => Math.floor(node / 2)))];
}
