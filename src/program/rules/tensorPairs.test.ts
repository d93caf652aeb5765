import { describe, expect, it } from "vitest";
import type { IntRange } from "../program.ts";
import { ProgramDraft } from "../testing/programDraft.ts";

const BYTES = { lo: -128, hi: 127 };

describe("batchMatMul", () => {
  const product = (left: readonly number[], right: readonly number[]) => {
    const draft = new ProgramDraft();
    const a = draft.input(left, BYTES);
    const b = draft.input(right, BYTES);
    return draft.tensors[draft.add({ kind: "batchMatMul", left: a, right: b })];
  };

  it("has the rows of both and the range of its sums", () => {
    expect(product([2, 3, 5], [2, 4, 5])).toMatchObject({
      shape: [2, 3, 4],
      range: { lo: -128 * 127 * 5, hi: 128 * 128 * 5 },
    });
    expect(product([3, 5], [1, 5]).shape).toEqual([3, 1]);
  });

  it.each([
    ["vectors", [5], [5]],
    ["another contracted length", [3, 5], [3, 4]],
    ["other matrices", [2, 3, 5], [1, 3, 5]],
    ["another rank", [1, 3, 5], [3, 5]],
  ])("refuses %s", (_, left, right) => {
    expect(() => product(left, right)).toThrow(expect.objectContaining({ code: "program.invalid" }));
  });
});

describe("gather", () => {
  const chosen = (table: readonly number[], index: readonly number[], range: IntRange, batchAxes: number) => {
    const draft = new ProgramDraft();
    const a = draft.input(table, BYTES);
    const b = draft.input(index, range);
    return draft.tensors[draft.add({ kind: "gather", table: a, index: b, batchAxes })];
  };

  it("has the index's axes, then those of an entry", () => {
    const range = { lo: 0, hi: 3 };
    expect(chosen([4, 2], [3, 5], range, 0)).toMatchObject({ shape: [3, 5, 2], range: BYTES });
    expect(chosen([3, 4, 2], [3, 5], range, 1).shape).toEqual([3, 5, 2]);
    expect(chosen([3, 4], [3], range, 1).shape).toEqual([3]);
  });

  it.each([
    ["an index that may lie behind the table", [4], [3], { lo: 0, hi: 4 }, 0],
    ["an index that may be negative", [4], [3], { lo: -1, hi: 3 }, 0],
    ["other shared axes", [2, 4], [3, 4], { lo: 0, hi: 3 }, 1],
    ["more shared axes than the table has", [2], [2], { lo: 0, hi: 1 }, 1],
    ["more shared axes than the index has", [2, 2], [], { lo: 0, hi: 1 }, 1],
  ] as const)("refuses %s", (_, table, index, range, batchAxes) => {
    expect(() => chosen(table, index, range, batchAxes)).toThrow(
      expect.objectContaining({ code: "program.invalid" }),
    );
  });
});
