import { describe, expect, it } from "vitest";
import { runProgram } from "./interpreter.ts";
import { roundingRests } from "./testing/roundingRests.ts";

describe("what a rounding leaves over", () => {
  it.each([...roundingRests()])("$name", ({ program, lo, hi }) => {
    expect(program.tensors[program.outputs[0]].range).toEqual({ lo, hi });
  });

  it("holds all that is left over, and no range is smaller", () => {
    const [{ program, lo, hi }] = roundingRests();
    const { range } = program.tensors[0];
    const count = range.hi - range.lo + 1;
    const { outputs } = runProgram(
      program,
      [Int32Array.from({ length: count }, (_, i) => range.lo + i)],
      count,
    );
    expect([Math.min(...outputs[0]), Math.max(...outputs[0])]).toEqual([lo, hi]);
  });
});
