/** Ranges at the last value that a plan can hold, and one beyond: refused by name, never proven modulo the field. */
import { describe, expect, it } from "vitest";
import { P } from "../field/m31.ts";
import type { Program } from "../program/program.ts";
import { programStructure } from "../program/programStructure.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { planInference } from "./inferencePlan.ts";
import { MAX_TABLE_ROWS } from "./tableLimits.ts";

function plan(program: Program): void {
  const visibilities = { input: "private", weights: "public", output: "public" } as const;
  planInference(programStructure(program), visibilities, 1);
}

/** Numbers of a range from 0 on. */
function sized(size: number) {
  return { lo: 0, hi: size - 1 };
}

function requantised(size: number): Program {
  const draft = new ProgramDraft();
  draft.input([2], sized(size));
  return draft.program();
}

function argmax(length: number, size: number): Program {
  const draft = new ProgramDraft();
  draft.add({ kind: "argmax", input: draft.input([length], sized(size)) });
  return draft.program();
}

function max(left: number, right: number): Program {
  const draft = new ProgramDraft();
  const inputs = [draft.input([2], sized(left)), draft.input([2], sized(right))];
  draft.add({ kind: "max", left: inputs[0], right: inputs[1] });
  return draft.program();
}

const refused = (words: RegExp) =>
  expect.objectContaining({ code: "program.rangeTooLarge", message: expect.stringMatching(words) });

describe("a range check", () => {
  it("fits the field up to 30 bits", () => {
    expect(() => plan(requantised(2 ** 30))).not.toThrow();
    expect(() => plan(requantised(2 ** 30 + 1))).toThrow(refused(/a range of 31 bits/));
  });
});

describe("argmax", () => {
  it("compares no scores whose differences could wrap around the field", () => {
    // Length times size, and the power of two that it is checked against: together below p, or not.
    expect(2 * (2 ** 29 - 1) + 2 ** 30).toBe(P - 1);
    expect(() => plan(argmax(2, 2 ** 29 - 1))).not.toThrow();
    expect(3 * 357_913_941 + 2 ** 30).toBe(P);
    expect(() => plan(argmax(3, 357_913_941))).toThrow(refused(/3 scores .* too wide to compare/));
  });
});

describe("max", () => {
  it("takes as many differences as a table has rows", () => {
    expect(() => plan(max(MAX_TABLE_ROWS, 1))).not.toThrow();
    expect(() => plan(max(1, MAX_TABLE_ROWS))).not.toThrow();
    expect(() => plan(max(MAX_TABLE_ROWS + 1, 1))).toThrow(refused(/differences in \[0, 65536\]/));
    expect(() => plan(max(1, MAX_TABLE_ROWS + 1))).toThrow(refused(/differences in \[-65536, 0\]/));
  });
});
