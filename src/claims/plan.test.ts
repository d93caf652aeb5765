import { describe, expect, it } from "vitest";
import { directWires, readsWhole, type Wire } from "./plan.ts";

describe("a tensor that is read as it is", () => {
  const map = { from: Int32Array.of(1, 0), to: [Int32Array.of(0, 1)] };
  const slice = { axisLength: 4, start: 2 };

  it("has one wire for each axis, in their order", () => {
    expect(readsWhole(directWires([0, 1, 2]), 3)).toBe(true);
    expect(readsWhole([], 0)).toBe(true);
  });

  it.each<[string, Wire[], number]>([
    ["axes in another order", directWires([1, 0]), 2],
    ["another axis", directWires([0, 2]), 2],
    ["an axis twice", directWires([0, 0]), 2],
    ["too few axes", directWires([0]), 2],
    ["too many axes", directWires([0, 1]), 1],
    ["entries in another order", [{ axes: [0], map }], 1],
    ["a part of an axis", [{ axes: [0], map: null, slice }], 1],
  ])("is none that is read along %s", (_, wires, numAxes) => {
    expect(readsWhole(wires, numAxes)).toBe(false);
  });
});
