/**
 * Both verifiers agree on the first of two faults where no file changed at random would have both: places that
 * SPEC-NOTES.md names.
 */
import { describe, expect, it } from "vitest";
import { checkDataCertificate as checkDataCertificateFirst, checkVerificationKey } from "../../src/verify.ts";
import { judgeProofs, outcome } from "./agreement.ts";
import { ascii, joinBytes, Reader, u16Bytes, u32Bytes } from "./bytes.ts";
import { checkDataCertificate } from "./certificates.ts";
import { levelNumbers } from "./levels.ts";
import { boundariesOf } from "./mutations.ts";
import { smallDense, withLevels, workshop } from "./suite.ts";
import { verdictOf } from "./verdict.ts";
import { checkKey, checkProof } from "./verify.ts";

/** A proof's statement from the number of inputs to the end of the outputs, in parts. */
function valuesOf(proof: Uint8Array) {
  const reader = new Reader(proof, "proof");
  const head = reader.take(7, "magic, version, backend");
  const statement = new Reader(reader.take(reader.u32("length"), "statement"), "proof");
  const payload = reader.take(reader.left, "payload");
  const fixed = statement.take(64 + 4 + 3, "hashes, batch, visibilities");
  const value = (numIntegers: number): { description: Uint8Array; integers: Uint8Array } => {
    const name = statement.take(statement.u16("name"), "name");
    const axes = statement.take(4 * statement.u8("axes"), "axes");
    const rest = statement.take(4 + 4 + 8 + 4, "range, scale, zero point");
    const numAxes = Uint8Array.from([axes.length / 4]);
    const description = joinBytes([u16Bytes(name.length), name, numAxes, axes, rest]);
    return { description, integers: statement.take(4 * numIntegers, "integers") };
  };
  const rebuild = (values: readonly Uint8Array[]): Uint8Array => {
    const bytes = joinBytes([fixed, ...values, rest]);
    return joinBytes([head, u32Bytes(bytes.length), bytes, payload]);
  };
  expect(statement.u16("inputs")).toBe(1);
  const input = value(9);
  expect(statement.u16("outputs")).toBe(1);
  const output = value(0);
  const rest = statement.take(statement.left, "rest");
  return { input, output, rebuild };
}

describe("inputs are checked completely before outputs", () => {
  const { key, prove } = workshop(smallDense(), "public");
  const judge = judgeProofs(key);
  const { input, output, rebuild } = valuesOf(prove("public", "private", 1));
  const one = u16Bytes(1);
  const two = u16Bytes(2);
  const inRange = joinBytes([input.description, input.integers]);
  const outOfRange = joinBytes([input.description, input.integers.map(() => 255)]);

  it.each<[string, readonly Uint8Array[]]>([
    ["accepted", [one, inRange, one, output.description]],
    ["statement.range", [one, outOfRange, one, output.description]],
    ["statement.values", [one, inRange, two, output.description, output.description]],
    ["statement.range", [one, outOfRange, two, output.description, output.description]],
    ["statement.values", [two, outOfRange, outOfRange, one, output.description]],
    ["statement.values", [u16Bytes(0), u16Bytes(0)]],
  ])("%s", (code, values) => {
    expect(judge(rebuild(values))).toEqual({ first: code, second: code });
  });
});

describe("rounds of a level are read element by element", () => {
  const levels = [{ logColumns: 7, logLength: 10, queries: 107, grindBits: 12 }];
  const { key, proof } = withLevels(levels);
  const judge = judgeProofs(key);
  const checked = checkKey(key);
  const boundaries = boundariesOf(
    proof,
    (_, length) => (length === proof.length ? 0 : 11),
    () => checkProof(proof, checked),
  );
  // Behind the messages of the last level: its nonce, columns, path, the end; before them E1 and the vector.
  const variables = levelNumbers(checked.file.parameters)[0]!.variables;
  const firstRound = boundaries[boundaries.length - 6 - 2 * variables]!;
  const spoiled = proof.map((byte, index) => (index >= firstRound && index < firstRound + 4 ? 255 : byte));

  it.each([
    ["proof.truncated", 15],
    ["proof.notCanonical", 16],
    ["proof.notCanonical", 32 * variables],
    ["proof.notCanonical", proof.length],
  ])("%s with %i bytes of them", (code, length) => {
    expect(judge(spoiled.slice(0, firstRound + length))).toEqual({ first: code, second: code });
  });
});

describe("axes of a data certificate are read before they are judged", () => {
  const { key } = workshop(smallDense(), "public");
  const checked = checkVerificationKey(key);
  if (!checked.ok) throw new Error(checked.error.code);
  const first = checked.key;
  const head = joinBytes([
    ascii("TPEC"),
    u16Bytes(1),
    Uint8Array.of(1),
    new Uint8Array(32),
    Uint8Array.of(2),
  ]);
  const tooLong = joinBytes([Uint8Array.of(2), u32Bytes(2 ** 29)]);

  it.each([
    ["certificate.truncated", tooLong],
    ["certificate.notCanonical", joinBytes([tooLong, u32Bytes(1)])],
    ["certificate.notCanonical", joinBytes([Uint8Array.of(2), u32Bytes(1), u32Bytes(0)])],
    ["certificate.truncated", joinBytes([Uint8Array.of(2), u32Bytes(1), u32Bytes(1)])],
  ])("%s", (code, axes) => {
    const file = joinBytes([head, axes]);
    expect({
      first: outcome(checkDataCertificateFirst(file, first)),
      second: outcome(verdictOf(() => checkDataCertificate(file, checkKey(key)))),
    }).toEqual({ first: code, second: code });
  });
});
