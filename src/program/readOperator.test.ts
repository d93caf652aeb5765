import { describe, expect, it } from "vitest";
import { parseProgramStructure } from "./parse.ts";
import { programStructureBytes } from "./serialise.ts";
import { MAP_CODES } from "./structureFormat.ts";
import { ProgramDraft } from "./testing/programDraft.ts";

const DOMAIN = { lo: -2, hi: 1 };

/** A function by its values whose domain is replaced; as many values follow as any domain may have. */
function withDomain(lo: number, hi: number): Uint8Array {
  const draft = new ProgramDraft();
  const input = draft.input([1], DOMAIN);
  const map = { kind: "values", values: Int32Array.of(3, 1, 2, 3) } as const;
  draft.add({ kind: "requantise", input, shift: 0, rounding: "half-up", function: { domain: DOMAIN, map } });
  const bytes = programStructureBytes(draft.program());
  const words = new Uint8Array(Int32Array.of(DOMAIN.lo, DOMAIN.hi).buffer);
  const start = [...bytes.keys()].findLast(
    (at) => words.every((byte, i) => bytes[at + i] === byte) && bytes[at + 8] === MAP_CODES.values,
  );
  if (start === undefined) throw new Error("the domain is not found");
  const changed = new Uint8Array(bytes.length + 4 * 2 ** 18);
  changed.set(bytes);
  changed.set(new Uint8Array(Int32Array.of(lo, hi).buffer), start);
  return changed;
}

describe("a function in a program's bytes", () => {
  it("has 1 to 2^16 values, known before they are read", () => {
    const words = /a domain of \S+ integers; 1 to 65536 are allowed/;
    expect(() => parseProgramStructure(withDomain(0, 2 ** 16))).toThrow(words);
    expect(() => parseProgramStructure(withDomain(-(2 ** 16), 2 ** 16 - 1))).toThrow(words);
    expect(() => parseProgramStructure(withDomain(0, -1))).toThrow(words);
    expect(() => parseProgramStructure(withDomain(-(2 ** 15), 2 ** 15 - 1))).not.toThrow(words);
    expect(() => parseProgramStructure(withDomain(0, 0))).not.toThrow(words);
  });
});
