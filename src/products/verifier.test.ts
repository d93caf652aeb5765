import { describe, expect, it } from "vitest";
import type { Ext } from "../field/ext.ts";
import { isNode } from "./verifier.ts";

describe("isNode", () => {
  it.each([
    [[0, 0, 0, 0], true],
    [[4, 0, 0, 0], true],
    [[5, 0, 0, 0], false],
    [[4, 1, 0, 0], false],
    [[4, 0, 1, 0], false],
    [[4, 0, 0, 1], false],
  ] as [Ext, boolean][])("of %j among 0 … 4: %s", (theta, expected) => {
    expect(isNode(theta, 4)).toBe(expected);
  });
});
