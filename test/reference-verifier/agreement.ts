/**
 * What it takes to compare the verifier in src with this one: verdicts of both, and the changed files on which they are compared.
 */
import { checkVerificationKey, verify as verifyFirst, verifyWithKey } from "../../src/verify.ts";
import { atBoundaries, atRandom, boundariesOf, type Mutation } from "./mutations.ts";
import { type Verdict, verdictOf } from "./verdict.ts";
import { checkKey, checkProof, verify } from "./verify.ts";

/** TENSORPROOF_HEAVY=1 tries thousands of files, by default hundreds. */
export const HEAVY: boolean = process.env.TENSORPROOF_HEAVY === "1";
export const TIMEOUT: number = HEAVY ? 7_200_000 : 300_000;

export interface Outcomes {
  /** "accepted" or a code. */
  readonly first: string;
  readonly second: string;
}

export type Judge = (bytes: Uint8Array) => Outcomes;

function outcome(verdict: Verdict): string {
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

/** Changed proofs: at every boundary, and `random` more. */
export function changedProofs(proof: Uint8Array, key: Uint8Array, random: number, all: boolean): Mutation[] {
  const checked = checkKey(key);
  const baseOf = (_: string, length: number): number =>
    length === proof.length ? 0 : MAGIC_VERSION_BACKEND_LENGTH;
  const boundaries = boundariesOf(proof, baseOf, () => checkProof(proof, checked));
  return [...atBoundaries(proof, boundaries, all), ...atRandom(proof, random, 1)];
}

/** Changed keys, in the same way. The range proof is the end of the key. */
export function changedKeys(key: Uint8Array, random: number, all: boolean): Mutation[] {
  const baseOf = (area: string, length: number): number =>
    area === "program" ? MAGIC_VERSION_LENGTH : key.length - length;
  const boundaries = boundariesOf(key, baseOf, () => checkKey(key));
  return [...atBoundaries(key, boundaries, all), ...atRandom(key, random, 2)];
}
