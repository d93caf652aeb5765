import { describe, expect, it } from "vitest";
import type { IntRange, Program, Rescale } from "../../program/program.ts";
import { ProgramDraft } from "../../program/testing/programDraft.ts";
import { MAX_PLAN_ROWS } from "../tableLimits.ts";
import { pieceLength } from "./pieceLength.ts";
import { RescalePieces } from "./pieces.ts";

const LENGTHS = [16, 17, 18, 19, 20].map((bits) => 2 ** bits);

interface Sketch {
  readonly channels: number;
  readonly range: IntRange;
  readonly shift: number;
  readonly lo?: number;
  readonly hi?: number;
}

function rescalings(sketches: readonly Sketch[]): Program {
  const draft = new ProgramDraft();
  const inputs = sketches.map(({ channels, range }) => draft.input([channels], range));
  sketches.forEach(({ channels, shift, lo = -128, hi = 127 }, i) => {
    const multipliers = Array.from({ length: channels }, (_, c) => ({ multiplier: 2 ** 30 + c, shift }));
    const rounding = { rounding: "tflite-double", zeroPoint: 0 } as const;
    draft.add({ kind: "rescale", input: inputs[i], ...rounding, multipliers, lo, hi });
  });
  return draft.program();
}

/** Rows of the pieces themselves and of the range table. */
function rowsAt(program: Program, length: number): number {
  return program.operators.reduce((sum, operator) => {
    const { range } = program.tensors[(operator as Rescale).input];
    return sum + new RescalePieces(operator as Rescale, range, length).numRows;
  }, length);
}

const CLAMPED = { channels: 1, range: { lo: -(2 ** 29) + 1, hi: 2 ** 29 - 1 }, shift: -3 };

describe("the length of pieces", () => {
  it.each<[string, Sketch[]]>([
    ["a narrow sum", [{ channels: 3, range: { lo: -3000, hi: 5000 }, shift: -4 }]],
    ["a wide sum that is clamped early", [CLAMPED]],
    ["many channels of a wide sum", [{ ...CLAMPED, channels: 90 }]],
    ["two rescalings", [{ ...CLAMPED, channels: 20 }, CLAMPED]],
    ["inputs that are all clamped", [{ channels: 5, range: { lo: 2 ** 20, hi: 2 ** 28 }, shift: -1 }]],
  ])("takes the fewest rows: %s", (_, sketches) => {
    const program = rescalings(sketches);
    const rows = LENGTHS.map((length) => rowsAt(program, length));
    expect(rows[LENGTHS.indexOf(pieceLength(program))]).toBe(Math.min(...rows));
  });

  it("is short where there is nothing to cut, and grows with the pieces", () => {
    expect(pieceLength(rescalings([{ channels: 1, range: { lo: 0, hi: 9 }, shift: -3 }]))).toBe(2 ** 16);
    expect(pieceLength(rescalings([{ ...CLAMPED, channels: 2000 }]))).toBe(2 ** 20);
  });

  it("is not looked for where the outputs of all channels exceed any table", () => {
    const wide = { channels: MAX_PLAN_ROWS / 2 ** 9, range: { lo: -(2 ** 15), hi: 2 ** 15 }, shift: -3 };
    const fits = rescalings([wide]);
    const many = rescalings([wide, wide, wide]);
    expect(pieceLength(fits)).toBe(2 ** 16);
    expect(() => pieceLength(many)).toThrow(expect.objectContaining({ code: "program.tablesTooLarge" }));
  });

  it("takes no steps that no input reaches", () => {
    const program = rescalings([{ channels: 2 ** 16, range: { lo: 0, hi: 0 }, shift: -3 }]);
    const [operator] = program.operators;
    expect(new RescalePieces(operator as Rescale, { lo: 0, hi: 0 }, pieceLength(program)).numRows).toBe(
      2 ** 16,
    );
  });
});
