import { describe, expect, it } from "vitest";
import { keyedHash } from "./blake3.ts";
import { hashLeaf, LEAF_KEY, missingSiblings, NODE_KEY, rootFromLeaves } from "./merkle.ts";

const DEPTH = 4;
const salt = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1);
const leaves = Array.from({ length: 2 ** DEPTH }, (_, i) => hashLeaf(4, i, salt(i), Uint32Array.of(i, 7)));
const hashNode = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  keyedHash(NODE_KEY, Uint8Array.of(...left, ...right));
const levels = [leaves];
for (let level = 0; level < DEPTH; level++) {
  const below = levels[level];
  levels.push(Array.from({ length: below.length / 2 }, (_, i) => hashNode(below[2 * i], below[2 * i + 1])));
}
const [root] = levels[DEPTH];

function pathOf(indices: readonly number[]): Uint8Array[] {
  return missingSiblings(indices, DEPTH).flatMap((missing, level) => missing.map((i) => levels[level][i]));
}

function rootOf(indices: readonly number[], path = pathOf(indices)): Uint8Array {
  return rootFromLeaves(
    indices,
    indices.map((i) => leaves[i]),
    DEPTH,
    path,
  );
}

describe("Merkle multiproofs", () => {
  const sets = [[0], [15], [0, 1], [3, 4], [0, 2, 5, 6, 7, 13], leaves.map((_, i) => i)];

  it.each(sets.map((set) => [set]))("give the root of the full tree from leaves %j", (set) => {
    expect(rootOf(set)).toEqual(root);
  });

  it("need no sibling that can be computed", () => {
    expect(pathOf(leaves.map((_, i) => i))).toHaveLength(0);
    expect(pathOf([6, 7])).toHaveLength(DEPTH - 1);
    expect(pathOf([9])).toHaveLength(DEPTH);
  });

  it("give another root with any wrong sibling or leaf", () => {
    const set = [0, 2, 5];
    const path = pathOf(set);
    path.forEach((hash, i) => {
      const wrong = path.with(
        i,
        hash.map((byte, j) => (j === 31 ? byte ^ 1 : byte)),
      );
      expect(rootOf(set, wrong), `sibling ${i}`).not.toEqual(root);
    });
    expect(rootFromLeaves(set, [leaves[1], leaves[2], leaves[5]], DEPTH, path)).not.toEqual(root);
  });

  it("refuse a path that is too short, too long, or for duplicate leaves", () => {
    const path = pathOf([3, 9]);
    expect(() => rootOf([3, 9], path.slice(1))).toThrow("merkle.path");
    expect(() => rootOf([3, 9], [...path, root])).toThrow("merkle.path");
    expect(() => rootOf([3, 3], pathOf([3]))).toThrow("merkle.path");
    expect(() => rootOf([3, 9], path.with(2, new Uint8Array(33)))).toThrow("merkle.path");
  });

  it("hash leaves as documented", () => {
    const words = Uint32Array.from({ length: 40 }, (_, i) => 2 ** 31 - 1 - i);
    const block = Uint8Array.of(3, 0, 0, 0, 0, 1, 0, 0, 40, 0, 0, 0, ...new Uint8Array(20), ...salt(5));
    const message = Uint8Array.of(...block, ...new Uint8Array(words.buffer));
    expect(hashLeaf(3, 256, salt(5), words)).toEqual(keyedHash(LEAF_KEY, message));
  });

  it("bind label, index, salt and words", () => {
    const words = Uint32Array.of(1, 2);
    const variants = [
      hashLeaf(1, 0, salt(0), words),
      hashLeaf(2, 0, salt(0), words),
      hashLeaf(1, 1, salt(0), words),
      hashLeaf(1, 0, salt(1), words),
      hashLeaf(1, 0, salt(0), Uint32Array.of(2, 1)),
      hashLeaf(1, 0, salt(0), Uint32Array.of(1, 2, 0)),
    ];
    expect(new Set(variants.map((hash) => hash.join())).size).toBe(variants.length);
  });
});
