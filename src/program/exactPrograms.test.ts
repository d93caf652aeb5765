import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { activeRanges } from "./activeRanges.ts";
import { runProgram } from "./interpreter.ts";
import { rangeContains } from "./intRange.ts";
import { parseProgramStructure } from "./parse.ts";
import type { Program } from "./program.ts";
import { parseProgram, serialiseProgram } from "./programFile.ts";
import { programHash } from "./programHash.ts";
import { programStructure } from "./programStructure.ts";
import { programStructureBytes } from "./serialise.ts";
import { runInBigIntegers } from "./testing/bigIntInterpreter.ts";
import { randomExactProgram } from "./testing/randomExactProgram.ts";
import { randomInput } from "./testing/randomProgram.ts";
import { validateProgram } from "./validate.ts";

const inputsOf = (program: Program, batch: number, seed: number): Int32Array[] =>
  program.inputs.map((id) => randomInput(program, batch, seed + id, id));

function codeOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof TensorproofError) return error.code;
    throw error;
  }
}

describe("random programs of all operators", () => {
  it("hold every operator, with and without its options", () => {
    const operators = Array.from({ length: 100 }, (_, seed) => randomExactProgram(seed).operators).flat();
    const traits = operators.flatMap((operator): string[] => {
      if (operator.kind === "rescale") {
        return [operator.rounding, operator.multipliers.length === 1 ? "one multiplier" : "multipliers"];
      }
      if (operator.kind === "conv") {
        const { strides, groups, bias } = operator;
        return [
          `${strides.length} axes`,
          groups === 1 ? "one group" : "groups",
          bias === null ? "bare" : "bias",
        ];
      }
      return [operator.kind];
    });
    expect([...new Set(traits)].sort()).toEqual(
      [
        "argmax",
        "batchMatMul",
        "combine",
        "concat",
        "constant",
        "divide",
        "gather",
        "matmul",
        "max",
        "multiply",
        "requantise",
        "reshape",
        "take",
      ]
        .concat(["transpose", "windowSum", "tflite-single", "tflite-double", "float-half-even"])
        .concat(["divide-half-away", "one multiplier", "multipliers", "1 axes", "2 axes", "3 axes"])
        .concat(["one group", "groups", "bare", "bias"])
        .sort(),
    );
  });

  it("run as in unbounded integers", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.integer({ min: 1, max: 3 }), (seed, inputSeed, batch) => {
        const program = randomExactProgram(seed);
        validateProgram(program);
        const inputs = inputsOf(program, batch, inputSeed);
        const run = runProgram(program, inputs, batch);
        const expected = runInBigIntegers(program, inputs, batch);
        expect(run.tensors.map((tensor) => Array.from(tensor, BigInt))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("keep every tensor in its declared and its active range", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, inputSeed) => {
        const program = randomExactProgram(seed, 12);
        const active = activeRanges(program).tensors;
        const run = runProgram(program, inputsOf(program, 4, inputSeed), 4);
        run.tensors.forEach((tensor, id) => {
          const reached = { lo: Math.min(...tensor), hi: Math.max(...tensor) };
          expect(rangeContains(active[id], reached)).toBe(true);
          expect(rangeContains(program.tensors[id].range, active[id])).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("come back from their bytes, structure and file", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const program = randomExactProgram(seed);
        expect(parseProgramStructure(programStructureBytes(program))).toEqual(programStructure(program));
        expect(parseProgram(serialiseProgram(program))).toEqual(program);
      }),
      { numRuns: 200 },
    );
  });

  it("have bytes that are rejected when truncated", () => {
    const bytes = programStructureBytes(randomExactProgram(7, 20));
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => parseProgramStructure(bytes.subarray(0, length)))).toBe("program.truncated");
    }
  });

  it("have bytes that, changed, fail to parse or are what the result serialises to", () => {
    const values = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.nat(), values, (seed, position, value) => {
        const bytes = programStructureBytes(randomExactProgram(seed, 5));
        bytes[position % bytes.length] = value;
        const code = codeOf(() => {
          const again = programStructureBytes(parseProgramStructure(bytes));
          expect(Buffer.compare(again, bytes)).toBe(0);
        });
        if (code !== null) expect(code).toMatch(/^program\./);
      }),
      { numRuns: 4000 },
    );
  });

  it("hash to a pinned value", () => {
    // Recompute with: programHash(randomExactProgram(1, 40)). A change means a new format version.
    expect(Buffer.from(programHash(randomExactProgram(1, 40))).toString("hex")).toBe(
      "77988c26ef372df77ee98cda145f36ff1db16086be81e21ba818ed84489e6f5f",
    );
  });
});
