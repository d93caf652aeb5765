import { describe, expect, it } from "vitest";
import { nearestNames } from "./nearestNames.ts";

describe("nearestNames", () => {
  it("puts the most alike first", () => {
    expect(nearestNames("dense_2", ["conv1", "dense1", "dense2", "output"])).toEqual([
      "dense2",
      "dense1",
      "conv1",
    ]);
  });

  it("does not mind case, empty text or having nothing to offer", () => {
    expect(nearestNames("DENSE1", ["dense2", "dense1"], 1)).toEqual(["dense1"]);
    expect(nearestNames("", ["longer", "a"], 1)).toEqual(["a"]);
    expect(nearestNames("x", [])).toEqual([]);
  });

  it("takes hostile lengths in its stride", () => {
    expect(nearestNames("x".repeat(1e6), ["y".repeat(1e6)], 1)).toHaveLength(1);
  });
});
