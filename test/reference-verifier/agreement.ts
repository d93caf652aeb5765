/**
 * What it takes to compare the verifier in src with this one: verdicts of both, and the changed files on which they are compared.
 */
import { checkVerificationKey, verify as verifyFirst, verifyWithKey } from "../../src/verify.ts";
import { equalBytes } from "./bytes.ts";
import { atBoundaries, atRandom, boundariesOf, type Mutation, twoFaults } from "./mutations.ts";
import { verdictOf } from "./verdict.ts";
import { checkKey, checkProof, verify } from "./verify.ts";

/** TENSORPROOF_HEAVY=1 tries thousands of files, by default hundreds. */
export const HEAVY: boolean = process.env.TENSORPROOF_HEAVY === "1";
export const TIMEOUT: number = HEAVY ? 7_200_000 : 300_000;

export interface Outcomes {
  /** "accepted" or a code. */
  readonly first: string;
  readonly second: string;
}

/** Of either verifier. */
type AnyVerdict = { readonly ok: true } | { readonly ok: false; readonly error: { readonly code: string } };

export type Judge = (bytes: Uint8Array) => Outcomes;

/** "accepted" or the code. */
export function outcome(verdict: AnyVerdict): string {
  return verdict.ok ? "accepted" : verdict.error.code;
}

/** Verdicts on proofs under one key, which each of the verifiers checks once. */
export function judgeProofs(keyBytes: Uint8Array): Judge {
  const first = checkVerificationKey(keyBytes);
  if (!first.ok) throw new Error(`the key is refused: ${first.error.code}`);
  const second = checkKey(keyBytes);
  return (proof) => ({
    first: outcome(verifyWithKey(proof, first.key)),
    second: outcome(verdictOf(() => checkProof(proof, second))),
  });
}

/** Verdicts on keys. */
export const judgeKey: Judge = (keyBytes) => ({
  first: outcome(checkVerificationKey(keyBytes)),
  second: outcome(verdictOf(() => checkKey(keyBytes))),
});

/** Verdicts on a proof and an unchecked key together. */
export function judgePair(keyBytes: Uint8Array): Judge {
  return (proof) => ({
    first: outcome(verifyFirst(proof, keyBytes)),
    second: outcome(verify(proof, keyBytes)),
  });
}

/** How often each outcome of the verifier in src occurred, and the files on which the two disagree. */
export interface Comparison {
  readonly disagreements: string[];
  readonly outcomes: Record<string, number>;
}

export function compare(mutations: readonly Mutation[], judge: Judge): Comparison {
  const disagreements: string[] = [];
  const outcomes: Record<string, number> = {};
  for (const { name, bytes } of mutations) {
    const { first, second } = judge(bytes);
    outcomes[first] = (outcomes[first] ?? 0) + 1;
    if (first !== second) disagreements.push(`${name}: first ${first}, second ${second}`);
  }
  return { disagreements, outcomes };
}

const MAGIC_VERSION_BACKEND_LENGTH = 11;
const MAGIC_VERSION_LENGTH = 10;

/** Changed proofs: at every boundary, `random` with two faults, `random` at random places. */
export function changedProofs(proof: Uint8Array, key: Uint8Array, random: number, all: boolean): Mutation[] {
  const checked = checkKey(key);
  const baseOf = (_: string, length: number): number =>
    length === proof.length ? 0 : MAGIC_VERSION_BACKEND_LENGTH;
  return changed(
    proof,
    boundariesOf(proof, baseOf, () => checkProof(proof, checked)),
    random,
    all,
  );
}

/** Changed keys, in the same way. */
export function changedKeys(key: Uint8Array, random: number, all: boolean): Mutation[] {
  const baseOf = (area: string, length: number): number =>
    area === "program" ? MAGIC_VERSION_LENGTH : key.length - length;
  return changed(
    key,
    boundariesOf(key, baseOf, () => checkKey(key)),
    random,
    all,
  );
}

/** The same for files whose parts all extend to the end. */
export function changedFiles(file: Uint8Array, random: number, all: boolean, checks: () => void): Mutation[] {
  return changed(
    file,
    boundariesOf(file, (_, length) => file.length - length, checks),
    random,
    all,
  );
}

function changed(file: Uint8Array, boundaries: readonly number[], random: number, all: boolean): Mutation[] {
  const files = [
    ...atBoundaries(file, boundaries, all),
    ...twoFaults(file, boundaries, random, 3),
    ...atRandom(file, random, 1),
  ];
  return files.filter(({ bytes }) => !equalBytes(bytes, file));
}
