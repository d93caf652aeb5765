/** Refusals of the proof among the vectors, where two rules are broken at once: the order of chapters 6 and 7 decides. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkVerificationKey, verifyWithKey } from "../../src/engine/verifier/verify.ts";

function vector(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(new URL(`../../docs/spec/vectors/${name}`, import.meta.url)));
}

const KEY = vector("dense.tpvk");
const PROOF = vector("dense.tprf");
/** Magic, version, backend, length of the statement. */
const STATEMENT = 11;
const PAYLOAD = STATEMENT + new DataView(PROOF.buffer).getUint32(7, true);
const ADVICE_ROOT = PAYLOAD;
const FIRST_SCALAR = PAYLOAD + 32;
const PATH_END = PROOF.length;

type Change = (bytes: Uint8Array) => Uint8Array;
const flip =
  (at: number): Change =>
  (bytes) =>
    bytes.with(at, bytes[at] ^ 1);
/** The word becomes 2^32 − 1, no field element. */
const spoil =
  (at: number): Change =>
  (bytes) =>
    bytes.map((byte, i) => (i >= at && i < at + 4 ? 255 : byte));
const cutTo =
  (length: number): Change =>
  (bytes) =>
    bytes.slice(0, length);
const append: Change = (bytes) => Uint8Array.of(...bytes, 0);

function codeOf(...changes: readonly Change[]): string {
  const key = checkVerificationKey(KEY);
  if (!key.ok) throw new Error(key.error.code);
  const verdict = verifyWithKey(
    changes.reduce((bytes, change) => change(bytes), PROOF),
    key.key,
  );
  return verdict.ok ? "ok" : verdict.error.code;
}

describe("order of refusals", () => {
  it.each<[string, string, readonly Change[]]>([
    ["ok", "nothing", []],
    ["proof.notCanonical", "magic before version", [flip(0), flip(4)]],
    ["proof.version", "version before backend", [flip(4), flip(6)]],
    ["proof.backend", "backend before statement", [flip(6), cutTo(20)]],
    [
      "proof.truncated",
      "form of the statement before what it says",
      [flip(STATEMENT), cutTo(STATEMENT + 70)],
    ],
    ["statement.model", "model before program", [flip(STATEMENT), flip(STATEMENT + 32)]],
    ["statement.program", "program before the payload", [flip(STATEMENT), cutTo(PAYLOAD)]],
    ["proof.truncated", "least length before words", [spoil(FIRST_SCALAR), cutTo(PAYLOAD + 100)]],
    ["proof.notCanonical", "words of the head before any check", [flip(ADVICE_ROOT), spoil(FIRST_SCALAR)]],
    ["opening.evaluation", "evaluation before roots", [flip(ADVICE_ROOT), flip(PATH_END - 1)]],
    ["opening.root", "a root before bytes left over", [flip(PATH_END - 1), append]],
    ["proof.notCanonical", "bytes left over", [append]],
    ["proof.truncated", "the last path hash", [cutTo(PATH_END - 1)]],
  ])("%s: %s", (code, _, changes) => {
    expect(codeOf(...changes)).toBe(code);
  });
});
