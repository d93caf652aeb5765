import { describe, expect, it } from "vitest";
import { checkNumParts, checkStructureBytes, MAX_PARTS, MAX_STRUCTURE_BYTES } from "./sizeLimits.ts";

const tooLarge = expect.objectContaining({ name: "TensorproofError", code: "program.tooLarge" });

describe("sizes of a program", () => {
  it.each([
    [MAX_PARTS, 0, 0],
    [0, MAX_PARTS, 0],
    [0, 0, MAX_PARTS],
    [MAX_PARTS - 2, 1, 1],
  ])("of %i inputs, %i operators, %i constants are the most", (inputs, operators, constants) => {
    expect(() => checkNumParts(inputs, operators, constants)).not.toThrow();
    expect(() => checkNumParts(inputs + 1, operators, constants)).toThrow(tooLarge);
    expect(() => checkNumParts(inputs, operators + 1, constants)).toThrow(tooLarge);
    expect(() => checkNumParts(inputs, operators, constants + 1)).toThrow(tooLarge);
  });

  it("are 2^13 parts and 2^25 bytes", () => {
    expect([MAX_PARTS, MAX_STRUCTURE_BYTES]).toEqual([8192, 33554432]);
    expect(() => checkStructureBytes(MAX_STRUCTURE_BYTES)).not.toThrow();
    expect(() => checkStructureBytes(MAX_STRUCTURE_BYTES + 1)).toThrow(tooLarge);
  });
});
