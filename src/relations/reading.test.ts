/** Readings that cannot be combined, cut or wired are refused by name: a planner that let them pass would prove another program. */
import { describe, expect, it } from "vitest";
import { expression } from "./expressions.ts";
import { planMatMul } from "./linear/plan.ts";
import { Labels, type Reading, replaceAxis, storedReading } from "./reading.ts";
import { aligned, reshaped } from "./reshapeReading.ts";
import { axisLabel } from "./wiring.ts";

const labels = new Labels();
const stored = (...groups: readonly (readonly number[])[]): Reading =>
  storedReading(labels, 0, 1, groups, true);

/** What a layer sums up, over the same axes. */
function accumulated(reading: Reading): Reading {
  const axes = [...reading.lengths.keys()];
  return { ...reading, value: expression(0, [1, { kind: "layer", layer: 0, axes }]) };
}

const refused = (message: RegExp) =>
  expect.objectContaining({ code: "program.unsupportedLayout", message: expect.stringMatching(message) });

describe("readings", () => {
  it("of different shapes are not combined", () => {
    expect(() => aligned(labels, stored([2]), stored([2]), "n")).not.toThrow();
    expect(() => aligned(labels, stored([2]), stored([2], [3]), "n")).toThrow(refused(/different shapes/));
    expect(() => aligned(labels, stored([2]), stored([3]), "n")).toThrow(refused(/cut differently/));
    expect(() => aligned(labels, stored([2]), stored([]), "n")).toThrow(refused(/cut differently/));
  });

  it("take no shape of more elements, and none that cuts an axis midway", () => {
    expect(() => reshaped(labels, stored([6]), [2, 3], "n")).not.toThrow();
    expect(() => reshaped(labels, stored([6]), [2, 3, 2], "n")).toThrow(refused(/cannot read \[2,3,2\]/));
    expect(() => reshaped(labels, stored([4], [3]), [3, 4], "n")).toThrow(refused(/in the middle of/));
  });

  it("of accumulators are not wired anew", () => {
    const [, label] = stored([2]).lengths.keys();
    const reading = { ...stored([2]), lengths: new Map([[label, 2]]), groups: [[label]] };
    const relation = { old: Int32Array.of(1, 0), lengths: [2], to: [Int32Array.of(0, 1)] };
    const sums = { ...reading, value: expression(0, [1, { kind: "layer", layer: 0, axes: [label] }]) };
    expect(() => replaceAxis(labels, sums, label, relation, "n")).toThrow(refused(/not requantised/));
  });

  it("of accumulators are no inputs of a layer", () => {
    const operator = { kind: "matmul", name: "n", input: 0, weight: 0, bias: null, output: 1 } as const;
    const constants = () => ({ weight: 1, bias: null });
    expect(() => planMatMul(labels, operator, stored([2]), 3, constants)).not.toThrow();
    expect(() => planMatMul(labels, operator, accumulated(stored([2])), 3, constants)).toThrow(
      refused(/not requantised/),
    );
  });

  it("have no single axis where one is made of several", () => {
    expect(axisLabel(stored([]), 0, "n")).toBe(null);
    expect(axisLabel(stored([1, 5]), 0, "n")).toBeGreaterThan(0);
    expect(() => axisLabel(stored([2, 5]), 0, "n")).toThrow(refused(/made of 2 others/));
  });
});

describe("readings that are combined element by element", () => {
  it.each([
    [
      [4, 3],
      [2, 6],
    ],
    [[12], [2, 3, 2]],
    [[2, 6], [12]],
  ])("are cut into the same axes: %j and %j", (first, second) => {
    const [a, b] = aligned(labels, stored(first), stored(second), "n");
    expect(a.groups).toEqual(b.groups);
    const lengths = ({ lengths: own, groups }: Reading) => groups[0].map((label) => own.get(label));
    expect(lengths(a)).toEqual(lengths(b));
  });

  it.each([
    [
      [2, 3],
      [3, 2],
    ],
    [
      [3, 2],
      [2, 3],
    ],
    [
      [2, 3, 2],
      [4, 3],
    ],
  ])("are refused where neither axis divides the other: %j and %j", (first, second) => {
    expect(() => aligned(labels, stored(first), stored(second), "n")).toThrow(refused(/cut differently/));
  });
});
