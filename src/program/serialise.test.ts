import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { parseProgramStructure } from "./parse.ts";
import { parseProgram, serialiseProgram } from "./programFile.ts";
import { programHash } from "./programHash.ts";
import { programStructure } from "./programStructure.ts";
import { programStructureBytes } from "./serialise.ts";
import { randomProgram } from "./testing/randomProgram.ts";

const seeds: fc.Arbitrary<number> = fc.integer();

function codeOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof TensorproofError) return error.code;
    throw error;
  }
}

describe("program structure bytes", () => {
  it("come back as the same structure, without data", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const program = randomProgram(seed);
        const parsed = parseProgramStructure(programStructureBytes(program));
        expect(parsed).toEqual(programStructure(program));
        expect(parsed.constants.some((constant) => "data" in constant)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it("do not depend on the weights", () => {
    const program = randomProgram(5);
    const constants = program.constants.map((constant) => ({
      ...constant,
      data: new Int32Array(constant.data.length),
    }));
    expect(programHash({ ...program, constants })).toEqual(programHash(program));
    expect(programHash({ ...program, name: "other" })).not.toEqual(programHash(program));
  });

  it("are rejected when truncated or followed by more", () => {
    const bytes = programStructureBytes(randomProgram(7));
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => parseProgramStructure(bytes.subarray(0, length)))).toBe("program.truncated");
    }
    const longer = Uint8Array.from([...bytes, 0]);
    expect(codeOf(() => parseProgramStructure(longer))).toBe("program.notCanonical");
  });

  it("either fail to parse with a program error or are what the result serialises to", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.nat(), fc.nat(255), (seed, position, value) => {
        const bytes = programStructureBytes(randomProgram(seed, 1));
        bytes[position % bytes.length] = value;
        const code = codeOf(() => {
          const again = programStructureBytes(parseProgramStructure(bytes));
          expect(Buffer.compare(again, bytes)).toBe(0);
        });
        if (code !== null) expect(code).toMatch(/^program\./);
      }),
      { numRuns: 2000 },
    );
  });

  it("of another version are named as such", () => {
    const bytes = programStructureBytes(randomProgram(7));
    bytes[4] = 2;
    expect(codeOf(() => parseProgramStructure(bytes))).toBe("program.version");
  });

  it("hash to a pinned value", () => {
    // Recompute with: programHash(randomProgram(1)). A change means a new format version.
    expect(Buffer.from(programHash(randomProgram(1))).toString("hex")).toBe(
      "ab46e720b6104a67db565d518ae538e6bc27686f0e63ac33d346981f897a8678",
    );
  });
});

describe("program file", () => {
  it("comes back as the same program", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const program = randomProgram(seed);
        expect(parseProgram(serialiseProgram(program))).toEqual(program);
      }),
      { numRuns: 100 },
    );
  });

  it("rejects every flipped byte and every truncation", () => {
    const bytes = serialiseProgram(randomProgram(2, 1));
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at] ^= 1;
      expect(codeOf(() => parseProgram(flipped))).toMatch(/^program\./);
      expect(codeOf(() => parseProgram(bytes.subarray(0, at)))).toBe("program.truncated");
    }
    expect(codeOf(() => parseProgram(Uint8Array.from([...bytes, 0])))).toBe("program.notCanonical");
  });
});
