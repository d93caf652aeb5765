import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addLeaves } from "../operators/treeEnsemble.ts";
import { equalToOneOf, wholePartIn } from "./membership.ts";
import type { TreeEntry } from "./tree.ts";
import { treeTable } from "./treeTable.ts";

/** What the table says of x: 1 where it is a member. The members' branch goes on to a comparison. */
function said(cuts: readonly number[], x: number): number {
  const entries: TreeEntry[] = [
    { feature: 0, cuts, yes: 1, no: 2 },
    { feature: 1, threshold: 0, yes: 3, no: 4 },
    { values: [0] },
    { values: [1] },
    { values: [9] },
  ];
  const trees = [{ name: "tree 0", entries, target: 0 }];
  const table = treeTable({ trees, numFeatures: 2, numTargets: 1, base: [0] });
  const sums = new Float64Array(1);
  addLeaves([x, 0], table, { ...table, numTargets: 1 }, sums);
  return sums[0];
}

const categories = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 });
const value = fc.integer({ min: -8, max: 168 }).map((quarters) => quarters / 4);

describe("membership as a search among cuts", () => {
  it("of the whole part of a number, for sets at random", () => {
    fc.assert(
      fc.property(categories, value, (set, x) => {
        expect(said(wholePartIn(set, "zero"), x)).toBe(Number(set.includes(Math.trunc(x))));
        expect(said(wholePartIn(set, "none"), x)).toBe(Number(x >= 0 && set.includes(Math.floor(x))));
      }),
    );
  });

  it("of the number itself, its neighbours are no members", () => {
    fc.assert(
      fc.property(fc.array(value), value, (set, x) => {
        const near = Math.fround(x * (1 + 2 ** -22)) + (x === 0 ? 2 ** -140 : 0);
        expect(said(equalToOneOf(set), x)).toBe(Number(set.includes(x)));
        expect(said(equalToOneOf(set), near)).toBe(Number(set.includes(near)));
      }),
    );
  });

  it("a number that single precision lacks is equal to none", () => {
    expect(equalToOneOf([0.1])).toEqual([]);
    expect(equalToOneOf([0.5])).toHaveLength(2);
  });

  it("needs two records for each cut, and as many levels as the search", () => {
    const cuts = wholePartIn(
      Array.from({ length: 8 }, (_, i) => 2 * i),
      "none",
    );
    expect(cuts).toHaveLength(16);
    const entries: TreeEntry[] = [{ feature: 0, cuts, yes: 1, no: 2 }, { values: [1] }, { values: [2] }];
    const { depth, left } = treeTable({
      trees: [{ name: "tree 0", entries, target: 0 }],
      numFeatures: 1,
      numTargets: 1,
      base: [0],
    });
    // Of 17 ends 15 come after 4 steps; one of each kind after 5, to which the others lead.
    expect(depth).toBe(5);
    expect(left).toHaveLength(2 * 16 + 1 + 1);
  });

  it("refuses sets that need too many records, by name", () => {
    const all = wholePartIn(
      Array.from({ length: 600_000 }, (_, i) => 2 * i),
      "none",
    );
    expect(() => said(all, 0)).toThrow(/more than 1048576 records/);
  });
});
