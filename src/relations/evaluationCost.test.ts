/** Programs of few bytes whose proofs would take a verifier minutes or all of its memory. */
import { describe, expect, it } from "vitest";
import type { IntRange, Program } from "../program/program.ts";
import { programStructure } from "../program/programStructure.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { evaluationCost } from "./evaluationCost.ts";
import { planInference } from "./inferencePlan.ts";

const NOTHING: IntRange = { lo: 0, hi: 0 };
const LONG = 2 ** 20;
const shown = { input: "public", weights: "public", output: "private" } as const;
const hidden = { input: "private", weights: "public", output: "private" } as const;

function clamped(draft: ProgramDraft, input: number): Program {
  const clamp = { domain: NOTHING, map: { kind: "clamp", lo: 0, hi: 0 } } as const;
  draft.add({ kind: "requantise", input, shift: 0, rounding: "half-up", function: clamp });
  return draft.program();
}

/** The sum of single entries of one long tensor. */
function entries(count: number, isConstant: boolean): Program {
  const draft = new ProgramDraft();
  const input = draft.input(isConstant ? [1] : [LONG], NOTHING);
  const long = isConstant
    ? draft.add({ kind: "constant", constant: draft.constant([LONG], NOTHING, new Int32Array(LONG)) })
    : input;
  const inputs = Array.from({ length: count }, (_, i) =>
    draft.add({ kind: "take", input: long, axis: 0, indices: Int32Array.of(i), fill: 0 }),
  );
  if (isConstant) inputs.push(input);
  return clamped(draft, draft.add({ kind: "combine", inputs, factors: inputs.map(() => 1), offset: 0 }));
}

/** The sum of one tensor under different permutations, which take no wires. */
function permutations(count: number): Program {
  const draft = new ProgramDraft();
  const input = draft.input(
    Array.from({ length: 8 }, () => 6),
    NOTHING,
  );
  const order = [0, 1, 2, 3, 4, 5, 6, 7];
  const inputs = Array.from({ length: count }, (_, i) => {
    const turned = [...order.slice(i % 8), ...order.slice(0, i % 8)];
    const permutation = i % 2 === 0 ? turned : turned.reverse();
    return draft.add({ kind: "transpose", input, permutation });
  });
  return clamped(draft, draft.add({ kind: "combine", inputs, factors: inputs.map(() => 1), offset: 0 }));
}

/** Clamps of one tensor in reverse: as many pairs, entries and steps of eq for each. */
function reversals(count: number): Program {
  const draft = new ProgramDraft();
  const length = 2 ** 14;
  const input = draft.input([length], NOTHING);
  const indices = Int32Array.from({ length }, (_, i) => length - 1 - i);
  const reversed = draft.add({ kind: "take", input, axis: 0, indices, fill: 0 });
  for (let i = 1; i < count; i++) clamped(draft, reversed);
  return clamped(draft, reversed);
}

/** Clamps of a tensor of zeros but for one entry. */
function almostEmpty(length: number, count: number): Program {
  const draft = new ProgramDraft();
  const indices = new Int32Array(length).fill(-1);
  indices[length / 2] = 0;
  const input = draft.add({ kind: "take", input: draft.input([1], NOTHING), axis: 0, indices, fill: 0 });
  for (let i = 1; i < count; i++) clamped(draft, input);
  return clamped(draft, input);
}

describe("a program that reads a long tensor often", () => {
  it.each<[string, () => Program, typeof shown | typeof hidden]>([
    ["entries of a hidden input", () => entries(100, false), hidden],
    ["entries of a public input", () => entries(300, false), shown],
    ["entries of a public constant", () => entries(300, true), hidden],
    ["a public input in many ways", () => permutations(100), shown],
    ["all entries of a hidden input, more than 2^22 in all", () => reversals(86), hidden],
  ])("is refused: %s", (_, make, visibilities) => {
    const program = programStructure(make());
    expect(() => planInference(program, visibilities, 1)).toThrow(
      expect.objectContaining({ code: "program.tablesTooLarge" }),
    );
  });

  it.each<[string, () => Program, typeof shown | typeof hidden]>([
    ["a few entries", () => entries(3, false), hidden],
    ["all entries of a hidden input, just fewer than 2^22 in all", () => reversals(85), hidden],
    ["a public input as it is", () => permutations(1), shown],
    ["many permutations of what is hidden", () => permutations(100), hidden],
  ])("is planned where that is little: %s", (_, make, visibilities) => {
    expect(() => planInference(programStructure(make()), visibilities, 1)).not.toThrow();
  });
});

describe("the cost of an evaluation", () => {
  it("is that of the entries read, not of the axis along which they are", () => {
    const wired = (length: number, count: number): number =>
      evaluationCost(planInference(programStructure(almostEmpty(length, count)), hidden, 1).plan).wired;
    // Pair, entry, and a step for each bit of the place.
    expect(wired(2 ** 12, 1)).toBe(1 + 1 + 12);
    expect(wired(2 ** 16, 10)).toBe(10 * (1 + 1 + 16));
  });

  it("counts every public tensor that is read once at least", () => {
    const read = (program: Program, weights: "public" | "private"): number =>
      evaluationCost(planInference(programStructure(program), { ...shown, weights }, 1).plan).read;
    const draft = new ProgramDraft();
    const input = draft.input([7], NOTHING);
    const weight = draft.constant([3, 7], NOTHING, new Int32Array(21));
    const bias = draft.constant([3], NOTHING, new Int32Array(3));
    const program = clamped(draft, draft.add({ kind: "matmul", input, weight, bias }));
    expect(read(program, "public")).toBe(7 + 21 + 3);
    expect(read(program, "private")).toBe(7);
  });
});
