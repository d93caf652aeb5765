import { describe, expect, it } from "vitest";
import { runProgram } from "../interpreter.ts";
import type { Conv, Program } from "../program.ts";
import { runInBigIntegers } from "../testing/bigIntInterpreter.ts";
import { ProgramDraft } from "../testing/programDraft.ts";
import { randomIntegers } from "../testing/randomIntegers.ts";
import { randomInput } from "../testing/randomProgram.ts";

const BYTES = { lo: -128, hi: 127 };

/** A convolution alone, with all attributes plain that are not given. */
function convProgram(input: number[], weight: number[], change: Partial<Conv>): Program {
  const random = randomIntegers(5);
  const draft = new ProgramDraft();
  const id = draft.input(input, BYTES);
  const constantOf = (shape: number[]): number => {
    const size = shape.reduce((product, length) => product * length, 1);
    return draft.constant(
      shape,
      BYTES,
      Int32Array.from({ length: size }, () => random(256) - 128),
    );
  };
  const zeros = weight.slice(2).map(() => 0);
  const ones = weight.slice(2).map(() => 1);
  draft.add({
    kind: "conv",
    input: id,
    weight: constantOf(weight),
    bias: constantOf(weight.slice(0, 1)),
    strides: ones,
    dilations: ones,
    padBegin: zeros,
    padEnd: zeros,
    groups: 1,
    ...change,
  });
  return draft.program();
}

const both = (value: number): number[] => [value, value];

// Random programs are small; these reach every path at its real proportions: several chunks of gathered positions, odd
// numbers of rows, outputs in fours and the rest.
const programs: Record<string, Program> = {
  "3 × 3 over several chunks": convProgram([19, 19, 15], [6, 3, 3, 15], {
    padBegin: both(1),
    padEnd: both(1),
  }),
  "a stride with uneven padding": convProgram([16, 15, 3], [9, 3, 3, 3], {
    strides: both(2),
    padBegin: [0, 1],
    padEnd: [1, 0],
  }),
  "a dilation": convProgram([13, 11, 4], [5, 3, 2, 4], { dilations: [2, 3], padBegin: both(2) }),
  "groups of channels": convProgram([9, 7, 12], [10, 3, 3, 6], { groups: 2, padEnd: both(1) }),
  "1 × 1": convProgram([9, 11, 17], [13, 1, 1, 17], {}),
  "1 × 1 in groups": convProgram([5, 5, 8], [20, 1, 1, 2], { groups: 4 }),
  "1 × 1 with a stride": convProgram([8, 9, 5], [6, 1, 1, 5], { strides: both(2) }),
  "1 × 1 that ends before the input does": convProgram([6, 1, 3], [2, 1, 1, 3], { padEnd: [0, 3] }),
  depthwise: convProgram([12, 10, 9], [9, 3, 3, 1], { groups: 9, padBegin: both(1), strides: both(2) }),
  "depthwise with a multiplier": convProgram([7, 8, 3], [12, 2, 3, 1], { groups: 3, padEnd: both(2) }),
  "one axis": convProgram([50, 6], [7, 5, 6], { padBegin: [2], padEnd: [2] }),
  "three axes": convProgram([5, 6, 4, 3], [4, 2, 3, 2, 3], { strides: [2, 1, 1], padBegin: [1, 0, 1] }),
  "windows that lie in the padding": convProgram([3, 3, 2], [3, 2, 2, 2], {
    padBegin: both(4),
    padEnd: both(3),
  }),
};

describe("runConv", () => {
  for (const [what, program] of Object.entries(programs)) {
    it(`is the sum that defines it: ${what}`, () => {
      for (const batch of [1, 3]) {
        const input = randomInput(program, batch, batch);
        const expected = runInBigIntegers(program, [input], batch)[1];
        expect(Array.from(runProgram(program, [input], batch).outputs[0], BigInt)).toEqual(expected);
      }
    });
  }
});
