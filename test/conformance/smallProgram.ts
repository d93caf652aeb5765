/** Two layers with ReLU between them and a table at the end: few constraints, so that the slowest backend proves it. */
import type { Program } from "../../src/program/program.ts";
import { ProgramDraft } from "../../src/program/testing/programDraft.ts";
import { randomIntegers } from "../../src/program/testing/randomIntegers.ts";

const INPUT = { lo: -16, hi: 15 };
const WEIGHT = { lo: -8, hi: 7 };

export function smallProgram(seed: number): Program {
  const random = randomIntegers(seed);
  const draft = new ProgramDraft();
  const weight = (shape: readonly number[]): number => {
    const size = shape.reduce((product, length) => product * length, 1);
    return draft.constant(
      shape,
      WEIGHT,
      Int32Array.from({ length: size }, () => random(16) - 8),
    );
  };
  const input = draft.input([4], INPUT);
  const first = draft.add({ kind: "matmul", input, weight: weight([3, 4]), bias: weight([3]) });
  const relu = draft.add({
    kind: "requantise",
    input: first,
    shift: 3,
    rounding: "half-up",
    function: { domain: { lo: -64, hi: 63 }, map: { kind: "clamp", lo: 0, hi: 31 } },
  });
  const second = draft.add({ kind: "matmul", input: relu, weight: weight([2, 3]), bias: null });
  const values = Int32Array.from({ length: 32 }, (_, i) => ((i * i) % 19) - 20);
  draft.add({
    kind: "requantise",
    input: second,
    shift: 6,
    rounding: "half-up",
    function: { domain: { lo: -16, hi: 15 }, map: { kind: "values", values } },
  });
  return draft.program(`small ${seed}`);
}

export function smallInput(batch: number): Int32Array {
  return Int32Array.from({ length: 4 * batch }, (_, i) => ((7 * i + 3) % 32) - 16);
}
