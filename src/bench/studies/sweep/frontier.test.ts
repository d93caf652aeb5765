import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../train/random.ts";
import { differenceMargin, paretoFront, recommended, type Weighed } from "./frontier.ts";
import { DEFAULT_AXES, gridOf, parseNumbers } from "./point.ts";

const random = new SeededRandom(9);
const cloud = (count: number): Weighed[] =>
  Array.from({ length: count }, () => ({
    cost: random.nextBelow(8) === 0 ? null : random.nextBelow(12),
    secondCost: random.nextBelow(3),
    quality: random.nextBelow(12) / 12,
  }));

describe("paretoFront", () => {
  it("is what comparing all pairs leaves", () => {
    for (let trial = 0; trial < 200; trial++) {
      const points = cloud(1 + random.nextBelow(20));
      const beats = (a: Weighed, b: Weighed): boolean =>
        (a.cost ?? 0) <= (b.cost ?? 0) &&
        a.quality >= b.quality &&
        (a.cost !== b.cost || a.quality !== b.quality);
      const known = points.filter(({ cost }) => cost !== null);
      const expected = points.flatMap((point, i) =>
        point.cost !== null && !known.some((other) => beats(other, point)) ? [i] : [],
      );
      expect([...paretoFront(points)].sort((a, b) => a - b)).toEqual(expected);
    }
  });
});

describe("recommended", () => {
  it("is the cheapest within the budget, ties by the second cost, then by order", () => {
    const at = (cost: number | null, secondCost: number, quality: number): Weighed => ({
      cost,
      secondCost,
      quality,
    });
    const points = [
      at(5, 1, 0.99),
      at(3, 2, 0.9),
      at(3, 1, 0.9),
      at(3, 1, 0.9),
      at(null, 0, 1),
      at(1, 1, 0.5),
    ];
    expect(recommended(points, 1, 0.1)).toBe(2);
    expect(recommended(points, 1, 0.01)).toBe(0);
    expect(recommended(points, 1, 0.5)).toBe(5);
    expect(recommended(points, 1, 0)).toBeNull();
  });

  it("has no margin where nothing differs", () => {
    expect(differenceMargin(1, 100)).toBe(0);
    expect(differenceMargin(0.99, 10_000)).toBeCloseTo(0.00196, 5);
  });
});

describe("gridOf", () => {
  it("holds every combination once, and one point of exact-int8", () => {
    const grid = gridOf({
      ...DEFAULT_AXES,
      modes: ["pow2", "exact-int8"],
      scales: [4, 6],
      widths: ["4", "8"],
    });
    expect(grid).toHaveLength(2 * (24 + 2 + 1));
    expect(new Set(grid.map((point) => JSON.stringify(point))).size).toBe(grid.length);
  });

  it("reads lists and ranges", () => {
    expect(parseNumbers("--weight-bits", "8,4..6,auto,5", 4, 16, null)).toEqual([4, 5, 6, 8, null]);
    for (const text of ["", "4-6", "auto", "9..", "17"])
      expect(() => parseNumbers("--activation-bits", text, 4, 14)).toThrow(
        expect.objectContaining({ code: "sweep.axes" }),
      );
  });
});
