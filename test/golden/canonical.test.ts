/**
 * One encoding of everything: no second spelling of a number, a field element, a name or a length is accepted anywhere in a
 * proof, a key, a certificate, a statement or a program. What is accepted is written back as the very same bytes.
 */
import { describe, expect, it } from "vitest";
import { ByteReader } from "../../src/bytes/byteReader.ts";
import { openProof } from "../../src/engine/proofFile.ts";
import { readStatement, writeStatement } from "../../src/engine/statement.ts";
import { VICTIMS, type VictimName } from "../../src/engine/testing/cheatVictims.ts";
import { assembleProof, flipBit, payloadOf, setWord } from "../../src/engine/testing/proofEditing.ts";
import { P } from "../../src/field/m31.ts";
import { parseProgramStructure } from "../../src/program/parse.ts";
import { parseProgram, serialiseProgram } from "../../src/program/programFile.ts";
import { programStructureBytes } from "../../src/program/serialise.ts";
import {
  type CheckedKey,
  checkCertificate,
  checkVerificationKey,
  verifyWithKey,
  withEpochs,
} from "../../src/verify.ts";
import { type Field, fieldsOf } from "../fuzz/fields.ts";
import { GOLDEN_RUNS, makeGolden } from "./goldenRuns.ts";

const [run] = GOLDEN_RUNS;
const { key, proof, certificate } = makeGolden(run);
if (certificate === null) throw new Error("the first golden run is renewed");
const checked = ((): CheckedKey => {
  const verdict = checkVerificationKey(key);
  const known = verdict.ok ? withEpochs(verdict.key, [certificate]) : verdict;
  if (!known.ok) throw new Error(known.error.code);
  return known.key;
})();

type Outcome = (bytes: Uint8Array) => string;

const ofProof: Outcome = (bytes) => codeOf(verifyWithKey(bytes, checked));
const ofKey: Outcome = (bytes) => codeOf(checkVerificationKey(bytes));
const ofCertificate: Outcome = (bytes) => codeOf(checkCertificate(bytes, checked));

function codeOf(verdict: { ok: true } | { ok: false; error: { code: string } }): string {
  return verdict.ok ? "accepted" : verdict.error.code;
}

const FILES = [
  { name: "proof", bytes: proof, outcome: ofProof },
  { name: "key", bytes: key, outcome: ofKey },
  { name: "certificate", bytes: certificate, outcome: ofCertificate },
] as const;

/** Fields that are elements of F, one word each: all whose words are below p and that a verifier refuses otherwise. */
function wordsOf({ start, end }: Field): number[] {
  const count = (end - start) >> 2;
  return [...new Set([0, count >> 1, count - 1])].map((i) => start + 4 * i);
}

describe.each(FILES)("$name", ({ bytes, outcome }) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const fields = fieldsOf(bytes, () => outcome(bytes));
  // Numbers have one word or less, hashes and salts are no field elements.
  const wide = fields.filter(
    ({ start, end }) => end - start >= 16 && (end - start) % 16 === 0 && end - start !== 32,
  );

  it("is accepted as it is", () => {
    expect(outcome(bytes)).toBe("accepted");
  });

  it("has no second name of a field element: w + p in place of w", () => {
    let refused = 0;
    for (const field of wide) {
      for (const at of wordsOf(field)) {
        const word = view.getUint32(at, true);
        if (word >= P) continue;
        const code = outcome(setWord(bytes, at, word + P));
        expect(code, `word at ${at}`).not.toBe("accepted");
        if (code.endsWith(".notCanonical")) refused++;
      }
    }
    // Scalars, rounds, vectors and columns; what is not refused for its form is a salt or part of a program.
    expect(refused).toBeGreaterThan(60);
  });

  it("has no padding behind it and none missing", () => {
    for (const extra of [1, 3, 4, 32, 4096]) {
      const longer = new Uint8Array(bytes.length + extra);
      longer.set(bytes);
      expect(outcome(longer)).toMatch(/\.notCanonical$/);
    }
    expect(outcome(bytes.subarray(0, bytes.length - 1))).toMatch(/\.(truncated|notCanonical)$/);
  });

  it("is refused with any bit of its header changed", () => {
    for (let at = 0; at < 7; at++) {
      for (let bit = 0; bit < 8; bit++) expect(outcome(flipBit(bytes, at, bit))).not.toBe("accepted");
    }
  });
});

describe("statement", () => {
  const { statementBytes } = openProof(proof);

  it("may not have bytes behind its end, whatever its length says", () => {
    for (const extra of [1, 2, 32]) {
      const longer = new Uint8Array(statementBytes.length + extra);
      longer.set(statementBytes);
      expect(ofProof(assembleProof(longer, payloadOf(proof)))).toBe("proof.notCanonical");
    }
  });

  it("is written back as it was read, with any byte changed", () => {
    let read = 0;
    for (let at = 0; at < statementBytes.length; at++) {
      for (const change of [1, 2, 16, 128, 255]) {
        const changed = statementBytes.slice();
        changed[at] ^= change;
        const reader = new ByteReader(changed, "proof");
        try {
          const statement = readStatement(reader);
          reader.end();
          expect(writeStatement(statement), `byte ${at}`).toEqual(changed);
          read++;
        } catch (error) {
          expect((error as { code?: string }).code, `byte ${at}`).toMatch(/^proof\./);
        }
      }
    }
    // Hashes, names and values may be any; no test of theirs is here.
    expect(read).toBeGreaterThan(500);
  });

  it("has no second zero, no infinity and no NaN as a scale", () => {
    const scale = new Uint8Array(new Float64Array([1]).buffer);
    const at = statementBytes.findIndex((_, i) => scale.every((byte, j) => statementBytes[i + j] === byte));
    expect(at).toBeGreaterThan(0);
    for (const value of [-0, Number.NaN, Infinity, -Infinity]) {
      const changed = statementBytes.slice();
      new DataView(changed.buffer).setFloat64(at, value, true);
      expect(ofProof(assembleProof(changed, payloadOf(proof)))).toBe("proof.notCanonical");
    }
  });
});

const INVALID_UTF8: readonly (readonly [string, readonly number[]])[] = [
  ["an overlong slash", [0xc0, 0xaf]],
  ["an overlong zero", [0xc0, 0x80]],
  ["a surrogate", [0xed, 0xa0, 0x80]],
  ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80]],
  ["a continuation alone", [0x80, 0x80]],
  ["a character that is cut off", [0xe2, 0x82]],
];

describe.each(Object.keys(VICTIMS) as VictimName[])("program of %s", (name) => {
  const program = VICTIMS[name]();
  const bytes = programStructureBytes(program);

  it("is written back as it was read, with any byte changed", () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [1, 2, 128, 255]) {
        const changed = bytes.slice();
        changed[at] ^= change;
        let parsed: ReturnType<typeof parseProgramStructure>;
        try {
          parsed = parseProgramStructure(changed);
        } catch (error) {
          expect((error as { code?: string }).code, `byte ${at}`).toMatch(/^program\./);
          continue;
        }
        expect(programStructureBytes(parsed), `byte ${at}`).toEqual(changed);
      }
    }
  });

  it("may not have bytes behind its end", () => {
    const refused = expect.objectContaining({ code: "program.notCanonical" });
    expect(() => parseProgramStructure(Uint8Array.from([...bytes, 0]))).toThrow(refused);
    expect(() => parseProgram(Uint8Array.from([...serialiseProgram(program), 0]))).toThrow(refused);
  });

  it.each(INVALID_UTF8)("has no name that is no UTF-8: %s", (_, spelling) => {
    // The program's name stands behind magic, version, mode and its length.
    const changed = bytes.slice();
    changed.set(spelling, 4 + 2 + 1 + 2);
    const refused = expect.objectContaining({ code: "program.notCanonical" });
    expect(() => parseProgramStructure(changed)).toThrow(refused);
  });
});

describe("values of a run", () => {
  it("are refused when an output is listed twice or inputs change places", () => {
    const { statement } = openProof(proof);
    const twice = writeStatement({ ...statement, outputs: [...statement.outputs, ...statement.outputs] });
    expect(ofProof(assembleProof(twice, payloadOf(proof)))).toBe("statement.values");
    const exchanged = writeStatement({ ...statement, inputs: statement.outputs, outputs: statement.inputs });
    expect(ofProof(assembleProof(exchanged, payloadOf(proof)))).not.toBe("accepted");
  });
});
