/** Limits of programs and plans: both verifiers derive the same plans up to them and refuse alike beyond. */
import { describe, expect, it } from "vitest";
import { jaggedClamps, reshapeChain } from "../../src/engine/testing/hostilePrograms.ts";
import { programStructureBytes } from "../../src/program/serialise.ts";
import { HEAVY, TIMEOUT } from "./agreement.ts";
import { judgeStructure } from "./comparedPlans.ts";

const judge = judgeStructure({
  visibilities: { input: "private", weights: "public", output: "private" },
  batch: 1,
});

/** The bytes of one reshape with another number at this place and zeros behind. */
function claiming(place: number, count: number): Uint8Array {
  const structure = programStructureBytes(reshapeChain(1));
  const bytes = new Uint8Array(structure.length + 400_000);
  bytes.set(structure);
  new DataView(bytes.buffer).setUint32(place, count, true);
  return bytes;
}

/** Behind "TPPS", version, mode, the name "product" and the number of inputs; and behind the two tensors, of 30 and 34 bytes. */
const OPERATORS = 4 + 2 + 1 + 9 + 4;
const CONSTANTS = OPERATORS + 4 + 29 + 33;

/** Thousands of pieces take the reference verifier ten seconds. */
const PIECES = HEAVY ? [70, 71] : [71];

describe("limits", { timeout: TIMEOUT }, () => {
  it.each(PIECES)("as many pieces of lookups as there may be, or none: %i jagged tensors", (count) => {
    const { first, second } = judge(programStructureBytes(jaggedClamps(count, 6)));
    expect(second).toBe(first);
    expect(first).toMatch(/^plans /);
  });

  it.each([
    ["operators that planning pays for", () => programStructureBytes(reshapeChain(7280)), "plans"],
    ["one more", () => programStructureBytes(reshapeChain(7281)), "program.tablesTooLarge"],
    ["operators that may be read", () => claiming(OPERATORS, 2 ** 13 - 1), "program.notCanonical"],
    ["one more, said in the head", () => claiming(OPERATORS, 2 ** 13), "program.tooLarge"],
    ["constants that may be read", () => claiming(CONSTANTS, 2 ** 13 - 2), "program.notCanonical"],
    ["one more, said behind the tensors", () => claiming(CONSTANTS, 2 ** 13 - 1), "program.tooLarge"],
    ["as many bytes as there may be", () => new Uint8Array(2 ** 25), "program.notCanonical"],
    ["one more, all zero", () => new Uint8Array(2 ** 25 + 1), "program.tooLarge"],
  ])("%s", (_, structure, expected) => {
    const { first, second } = judge(structure());
    expect(second).toBe(first);
    expect(first.split(" ")[0]).toBe(expected);
  });
});
