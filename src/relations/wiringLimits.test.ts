/** Programs of a few operators whose wires would be larger than any memory: refused before they are made. */
import { describe, expect, it } from "vitest";
import type { IntRange, Program } from "../program/program.ts";
import { programStructure } from "../program/programStructure.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { planInference } from "./inferencePlan.ts";

const BIT: IntRange = { lo: 0, hi: 1 };
const NOTHING: IntRange = { lo: 0, hi: 0 };

function plan(program: Program): void {
  const visibilities = { input: "private", weights: "public", output: "public" } as const;
  planInference(programStructure(program), visibilities, 1);
}

/** One window of half the axis at every position. */
function wideWindows(): Program {
  const draft = new ProgramDraft();
  const input = draft.input([2 ** 20], BIT);
  const window = { size: 2 ** 19, stride: 1, padBegin: 0, padEnd: 0 };
  draft.add({ kind: "windowSum", input, axis: 0, ...window });
  return draft.program();
}

function wideKernel(): Program {
  const draft = new ProgramDraft();
  const input = draft.input([2 ** 14, 1], BIT);
  const weight = draft.constant([1, 2 ** 13, 1], BIT, new Int32Array(2 ** 13));
  const attributes = { strides: [1], dilations: [1], padBegin: [0], padEnd: [0], groups: 1 };
  draft.add({ kind: "conv", input, weight, bias: null, ...attributes });
  return draft.program();
}

/** Sums of sums of sums: an element is read along exponentially many paths. */
function nestedWindows(): Program {
  const draft = new ProgramDraft();
  let input = draft.input([64], NOTHING);
  const window = { size: 9, stride: 1, padBegin: 4, padEnd: 4 };
  for (let i = 0; i < 12; i++) input = draft.add({ kind: "windowSum", input, axis: 0, ...window });
  return draft.program();
}

/** A tensor plus itself, again and again: every step doubles the terms of the expression. */
function doubled(kind: "combine" | "concat"): Program {
  const draft = new ProgramDraft();
  let input = draft.input([2], NOTHING);
  for (let i = 0; i < 40; i++) {
    if (kind === "combine") {
      input = draft.add({ kind, inputs: [input, input], factors: [1, 1], offset: 0 });
      continue;
    }
    const both = draft.add({ kind, inputs: [input, input], axis: 0 });
    input = draft.add({ kind: "take", input: both, axis: 0, indices: Int32Array.of(0, 3), fill: 0 });
  }
  return draft.program();
}

/** Few terms, but read by one operator after the other. */
function readOften(): Program {
  const draft = new ProgramDraft();
  const input = draft.input([2 ** 12], BIT);
  const indices = Int32Array.from({ length: 2 ** 12 }, (_, i) => 2 ** 12 - 1 - i);
  const reversed = draft.add({ kind: "take", input, axis: 0, indices, fill: 0 });
  const clamp = { domain: { lo: 0, hi: 1 }, map: { kind: "clamp", lo: 0, hi: 1 } } as const;
  for (let i = 0; i < 2 ** 10; i++) {
    draft.add({ kind: "requantise", input: reversed, shift: 0, rounding: "half-up", function: clamp });
  }
  return draft.program();
}

/** Every step leaves a view axis of length 1 behind, which all later steps carry along. */
function unitAxes(): Program {
  const draft = new ProgramDraft();
  let input = draft.input([1], BIT);
  const weight = draft.constant([1, 1], BIT, Int32Array.of(1));
  const clamp = { domain: { lo: 0, hi: 1 }, map: { kind: "clamp", lo: 0, hi: 1 } } as const;
  for (let i = 0; i < 400; i++) {
    const sum = draft.add({ kind: "matmul", input, weight, bias: null });
    const bit = { kind: "requantise", input: sum, shift: 0, rounding: "half-up", function: clamp } as const;
    const scalar = draft.add({ kind: "reshape", input: draft.add(bit) }, []);
    input = draft.add({ kind: "reshape", input: scalar }, [1]);
  }
  return draft.program();
}

describe("wiring that is larger than its program", () => {
  it.each([
    ["wide windows", wideWindows],
    ["a wide kernel", wideKernel],
    ["sums of sums", nestedWindows],
    ["doubled sums", () => doubled("combine")],
    ["doubled parts", () => doubled("concat")],
    ["a long list read often", readOften],
    ["view axes of one index", unitAxes],
  ])("is refused: %s", (_, make) => {
    const program = make();
    expect(() => plan(program)).toThrow(/take more than 2097152 entries/);
  });
});
