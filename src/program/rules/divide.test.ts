import { describe, expect, it } from "vitest";
import type { IntRange } from "../program.ts";
import { runDivide } from "../run/elementwise.ts";
import { ProgramDraft } from "../testing/programDraft.ts";

function quotient(n: IntRange, d: IntRange): IntRange {
  const draft = new ProgramDraft();
  const numerator = draft.input([2], n);
  const denominator = draft.input([2], d);
  return draft.tensors[draft.add({ kind: "divide", numerator, denominator })].range;
}

describe("divide", () => {
  it("has a range that holds exactly the quotients", () => {
    const bounds = [-7, -4, -1, 0, 1, 5, 9];
    for (const lo of bounds) {
      for (const hi of bounds.filter((bound) => bound >= lo)) {
        for (const d of [
          { lo: 1, hi: 1 },
          { lo: 1, hi: 4 },
          { lo: 3, hi: 5 },
        ]) {
          const values: number[] = [];
          for (let n = lo; n <= hi; n++) for (let k = d.lo; k <= d.hi; k++) values.push(Math.floor(n / k));
          expect(quotient({ lo, hi }, d)).toEqual({ lo: Math.min(...values), hi: Math.max(...values) });
        }
      }
    }
  });

  it("refuses a denominator that may be 0", () => {
    expect(() => quotient({ lo: 0, hi: 9 }, { lo: 0, hi: 9 })).toThrow(
      expect.objectContaining({ code: "program.invalid" }),
    );
  });

  it("refuses what some quotient in the range could make wrap", () => {
    expect(quotient({ lo: 0, hi: 2 ** 13 }, { lo: 1, hi: 2 ** 17 - 1 })).toEqual({ lo: 0, hi: 2 ** 13 });
    const refused: [IntRange, IntRange][] = [
      // The true product is at most 2^14, that with another quotient of the range is not.
      [
        { lo: 0, hi: 2 ** 14 },
        { lo: 1, hi: 2 ** 17 },
      ],
      // The product fits, the difference does not.
      [
        { lo: -(2 ** 29), hi: 2 ** 29 },
        { lo: 1, hi: 1 },
      ],
    ];
    for (const [n, d] of refused) {
      expect(() => quotient(n, d)).toThrow(expect.objectContaining({ code: "program.rangeTooLarge" }));
    }
  });

  it("rounds down, on either side of 0 and beside every integer", () => {
    const numerators = Int32Array.of(7, -7, -1, 0, 2 ** 30 - 1, -(2 ** 30) + 1, 2 ** 30 - 2);
    const denominators = Int32Array.of(2, 2, 2 ** 30 - 1, 5, 2 ** 30 - 1, 2 ** 15, 2 ** 30 - 1);
    expect([...runDivide(numerators, denominators)]).toEqual([3, -4, -1, 0, 1, -(2 ** 15), 0]);
  });
});
