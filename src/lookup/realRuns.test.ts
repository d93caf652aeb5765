import { describe, expect, it } from "vitest";
import { forEachRealCell, totalBits } from "../claims/axes.ts";
import { forEachRealRun } from "./realRuns.ts";

describe("runs of real cells", () => {
  it.each([
    [[]],
    [[1]],
    [[3]],
    [[4]],
    [[1, 1]],
    [[3, 4]],
    [[4, 3]],
    [[3, 5, 2]],
    [[2, 3, 1, 4]],
    [[5, 1, 3]],
  ])("are those of %j", (axes: number[]) => {
    const size = 2 ** totalBits(axes);
    const expected = new Array<string>(size).fill("gap");
    forEachRealCell(axes, (_, virtual) => {
      expected[virtual] = "real";
    });
    const found = new Array<string>(size).fill("gap");
    forEachRealRun(axes, (from, to) => found.fill("real", from, to));
    expect(found).toEqual(expected);
  });

  it("continue over axes without padding", () => {
    const runs: number[][] = [];
    forEachRealRun([3, 3, 4], (from, to) => runs.push([from, to]));
    expect(runs).toEqual([
      [0, 12],
      [16, 28],
      [32, 44],
    ]);
  });
});
