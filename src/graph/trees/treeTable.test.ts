import { describe, expect, it } from "vitest";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { atMost, below } from "./thresholds.ts";
import type { Leaf, Split, Tree } from "./tree.ts";
import { type Ensemble, treeTable } from "./treeTable.ts";

const leaf = (value: number): Leaf => ({ values: [value] });
const split = (yes: number, no: number, feature = 0, threshold = 0): Split => ({
  feature,
  threshold,
  yes,
  no,
});

function ensemble(entries: readonly (Split | Leaf)[], changes: Partial<Ensemble> = {}): Ensemble {
  const trees: Tree[] = [{ name: "tree 0", entries, target: 0 }];
  return { trees, numFeatures: 2, numTargets: 1, base: [0], ...changes };
}

function errorOf(given: Ensemble): TensorproofError {
  try {
    treeTable(given);
  } catch (error) {
    if (error instanceof TensorproofError) return error;
    throw error;
  }
  throw new Error("not refused");
}

describe("treeTable", () => {
  it("puts children side by side and lets leaves go on at themselves", () => {
    const table = treeTable(
      ensemble([split(1, 2, 1, 0.5), leaf(3), split(3, 4), leaf(5), leaf(7)], { base: [1] }),
    );
    expect(table).toMatchObject({ numTrees: 1, depth: 2, width: 1 });
    expect(Array.from(table.left)).toEqual([1, 1, 3, 3, 4, 0]);
    expect(Array.from(table.feature.slice(0, 3))).toEqual([1, 0, 0]);
    expect(Array.from(table.values)).toEqual([0, 4, 0, 6, 8, 0]);
  });

  it.each<[string, Ensemble, RegExp]>([
    ["a node that leads to itself", ensemble([split(0, 1), leaf(1)]), /node 0: leads to node 0/],
    ["a cycle", ensemble([split(1, 2), split(0, 2), leaf(1)]), /node 1: leads to node 0/],
    ["two parents", ensemble([split(1, 1), leaf(1)]), /another way/],
    ["a child that does not exist", ensemble([split(1, 9), leaf(1)]), /child 9/],
    ["a negative child", ensemble([split(1, -1), leaf(1)]), /child -1/],
    ["a feature that does not exist", ensemble([split(1, 2, 2), leaf(1), leaf(2)]), /feature 2/],
    ["a fraction of a feature", ensemble([split(1, 2, 0.5), leaf(1), leaf(2)]), /feature 0.5/],
    [
      "a threshold that is no number",
      ensemble([split(1, 2, 0, Number.NaN), leaf(1), leaf(2)]),
      /threshold NaN/,
    ],
    ["a leaf that is not finite", ensemble([leaf(Number.POSITIVE_INFINITY)]), /not finite/],
    ["leaves of another number of values", ensemble([{ values: [1, 2] }]), /2 values/],
    ["no nodes", ensemble([]), /no nodes/],
    ["no trees", ensemble([], { trees: [] }), /no trees/],
    ["too many features", ensemble([leaf(1)], { numFeatures: 1e9 }), /features/],
    ["too many targets", ensemble([leaf(1)], { numTargets: 1e6 }), /targets/],
    ["two million nodes", ensemble(new Array<Leaf>(2_000_000).fill(leaf(1))), /2000000 nodes/],
  ])("refuses %s by name", (_, given, reason) => {
    const error = errorOf(given);
    expect(error.code).toBe("model.badTree");
    expect(error.message).toMatch(reason);
  });

  it("refuses a tree of 10,000 levels", () => {
    const entries = Array.from({ length: 20_001 }, (_, i) =>
      i % 2 === 0 && i < 20_000 ? split(i + 2, i + 1) : leaf(i),
    );
    expect(errorOf(ensemble(entries)).message).toMatch(/deeper than 128/);
  });
});

describe("thresholds in single precision", () => {
  it.each([0, 1, -1, 0.1, -0.1, 1e-45, 16777217, -16777217.5])(
    "%d: the neighbours decide as in double precision",
    (t) => {
      const near = Math.fround(t);
      const step = Math.max(2 ** -149, Math.abs(near) * 2 ** -23);
      for (const x of [near - step, near, near + step].map(Math.fround)) {
        expect(x <= atMost(t)).toBe(x <= t);
        expect(x <= below(t)).toBe(x < t);
      }
    },
  );
});
