import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activeRanges } from "./activeRanges.ts";
import { runProgram } from "./interpreter.ts";
import { runInBigIntegers } from "./testing/bigIntInterpreter.ts";
import { randomInput, randomProgram } from "./testing/randomProgram.ts";
import { validateProgram } from "./validate.ts";

describe("runProgram", () => {
  it("matches unbounded integers on random programs", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer({ min: 1, max: 5 }), (seed, inputSeed, batch) => {
        const program = randomProgram(seed);
        validateProgram(program);
        const input = randomInput(program, batch, inputSeed);
        const run = runProgram(program, [input], batch);
        const expected = runInBigIntegers(program, [input], batch);
        expect(run.tensors.map((tensor) => Array.from(tensor, BigInt))).toEqual(expected);
        expect(run.outputs).toEqual(program.outputs.map((id) => run.tensors[id]));
      }),
      { numRuns: 300 },
    );
  });

  it("keeps every tensor in its declared and its active range", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seed, inputSeed) => {
        const program = randomProgram(seed);
        const active = activeRanges(program).tensors;
        const run = runProgram(program, [randomInput(program, 4, inputSeed)], 4);
        run.tensors.forEach((tensor, id) => {
          const { range } = program.tensors[id];
          for (const value of tensor) {
            expect(value).toBeGreaterThanOrEqual(active[id].lo);
            expect(value).toBeLessThanOrEqual(active[id].hi);
          }
          expect(active[id].lo).toBeGreaterThanOrEqual(range.lo);
          expect(active[id].hi).toBeLessThanOrEqual(range.hi);
        });
      }),
      { numRuns: 200 },
    );
  });

  it("computes a batch as it computes each sample", () => {
    const program = randomProgram(11);
    const input = randomInput(program, 3, 5);
    const size = input.length / 3;
    const single = [0, 1, 2].map(
      (n) => runProgram(program, [input.slice(n * size, (n + 1) * size)], 1).outputs[0],
    );
    expect(Array.from(runProgram(program, [input], 3).outputs[0])).toEqual(
      single.flatMap((output) => [...output]),
    );
  });

  it("rejects inputs of another size, number or range", () => {
    const program = randomProgram(3);
    const input = randomInput(program, 1, 1);
    expect(() => runProgram(program, [input], 2)).toThrow(expect.objectContaining({ code: "input.shape" }));
    expect(() => runProgram(program, [], 1)).toThrow(expect.objectContaining({ code: "input.count" }));
    expect(() => runProgram(program, [input], 0)).toThrow(RangeError);
    for (const bad of [program.tensors[0].range.lo - 1, program.tensors[0].range.hi + 1]) {
      const outside = input.slice();
      outside[0] = bad;
      expect(() => runProgram(program, [outside], 1)).toThrow(
        expect.objectContaining({ code: "input.range" }),
      );
    }
  });
});
