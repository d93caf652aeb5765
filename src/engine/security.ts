/**
 * Soundness accounting: an upper bound on the success of a cheating prover for every round of the proof, from the
 * parameters alone. The level that is quoted is that of the weakest round, in the random-oracle model with
 * round-by-round soundness: 2^bits hash calls are needed. The bounds on the code are unconditional (unique decoding).
 */

import { realCells } from "../claims/axes.ts";
import type { ProofPlan } from "../claims/plan.ts";
import {
  type CommitmentParameters,
  codeRate,
  type InnerLevel,
  innerRate,
  innerShapes,
} from "../commitment/parameters.ts";
import type { StackLayout } from "../commitment/stackLayout.ts";
import { P } from "../field/m31.ts";
import { GKR_DEGREE } from "../lookup/verifier.ts";
import { equalityVariables, transcriptSize } from "../relations/reduce.ts";
import { log2Down } from "./log2.ts";

/** Number of elements of K. */
const EXTENSION_SIZE = P * P * P * P;
export const REQUIRED_BITS = 100;
/** So that the sum of all terms keeps 100 bits. */
const WORK_MARGIN = 2;
const MAX_WORK_BITS = 5;

export interface SecurityTerm {
  readonly round: string;
  /** −log2 of the bound, rounded down, the same on every engine. */
  readonly bits: number;
  readonly source: string;
}

export interface SecurityReport {
  readonly terms: readonly SecurityTerm[];
  /** Of the weakest round. */
  readonly bits: number;
  /** −log2 of the sum of all bounds: for people, nothing is decided by it. */
  readonly sumBits: number;
}

/** A query misses a word beyond the unique-decoding radius with probability at most (1 + rate)/2. */
export function queryBits(parameters: CommitmentParameters): number {
  return queryBitsAt(parameters, codeRate(parameters));
}

/** Of the same queries for a code of a higher rate, which contains the key's. */
export function queryBitsAt(parameters: CommitmentParameters, rate: number): number {
  return bitsOfQueries(parameters, rate);
}

/** The same at a level of recursion. */
export function levelQueryBits(level: InnerLevel): number {
  return bitsOfQueries(level, innerRate(level));
}

function bitsOfQueries({ queries, grindBits }: InnerLevel, rate: number): number {
  return queries * log2Down(2 / (1 + rate)) + grindBits;
}

/** Of the challenges alpha and beta: the sum of fractions, cleared of denominators, has this degree in them. */
function lookupBits(plan: ProofPlan): number {
  const fractions = plan.sections.reduce((sum, { axes }) => sum + realCells(axes), 0) + 1;
  const columns = plan.sections.reduce((most, section) => Math.max(most, section.columns.length), 1);
  return log2Down(EXTENSION_SIZE / (columns * fractions));
}

/**
 * Bits of work before the lookup challenges: large plans have too many fractions for the field alone. Plans that would
 * need more than a few are refused by their level, long before the number of lookups comes near p.
 */
export function lookupWorkBits(plan: ProofPlan): number {
  const missing = Math.ceil(REQUIRED_BITS + WORK_MARGIN - lookupBits(plan));
  return Math.min(MAX_WORK_BITS, Math.max(0, missing));
}

function extension(numerator: number): number {
  return log2Down(EXTENSION_SIZE / numerator);
}

/** Of the rounds that levels of recursion add (docs/decisions/0009). */
function levelTerms(parameters: CommitmentParameters): SecurityTerm[] {
  let { queries } = parameters;
  return innerShapes(parameters).flatMap((shape) => {
    const length = 2 ** shape.logLength;
    const level = `level ${shape.number}`;
    const terms = [
      { round: `${level}: batching (tau)`, bits: extension(queries), source: "Schwartz-Zippel" },
      { round: `${level}: sumcheck`, bits: extension(2), source: "Thaler, Proofs, Arguments and ZK, 4.1" },
      {
        round: `${level}: proximity (gamma)`,
        bits: extension(length),
        source: "proximity gaps for affine spaces, unique decoding",
      },
      {
        round: `${level}: blending (kappa)`,
        bits: extension(length),
        source: "proximity gaps for lines, unique decoding",
      },
      {
        round: `${level}: column queries and grinding`,
        bits: levelQueryBits(shape),
        source: "unique decoding distance",
      },
    ];
    queries = shape.queries;
    return terms;
  });
}

export function securityReport(plan: ProofPlan, layout: StackLayout): SecurityReport {
  const size = transcriptSize(plan);
  const length = 2 ** layout.parameters.logLength;
  const terms: SecurityTerm[] = [
    {
      round: "lookup rows (alpha, beta)",
      bits: lookupBits(plan) + lookupWorkBits(plan),
      source: "Papini-Haboeck, eprint 2023/1284",
    },
    {
      round: "output points (zeta)",
      bits: extension(Math.max(1, equalityVariables(plan))),
      source: "Schwartz-Zippel",
    },
    {
      round: "sumcheck challenges",
      bits: extension(GKR_DEGREE),
      source: "Thaler, Proofs, Arguments and ZK, 4.1",
    },
    {
      round: "claim batching (mu, tau, eta)",
      bits: extension(Math.max(1, size.layerClaims, size.viewClaims)),
      source: "Schwartz-Zippel",
    },
    { round: "product check (theta)", bits: extension(2 * size.products), source: "Schwartz-Zippel" },
    {
      round: "equation batching (lambda)",
      // Each equation but those of equalities takes a scalar of its own, or stands for several.
      bits: extension(size.scalars + plan.equalities.length),
      source: "Schwartz-Zippel",
    },
    {
      round: "proximity (gamma)",
      bits: extension(length),
      source: "proximity gaps for affine spaces, unique decoding",
    },
    {
      round: "blending (kappa)",
      bits: extension(length),
      source: "proximity gaps for lines, unique decoding",
    },
    {
      round: "column queries and grinding",
      bits: queryBits(layout.parameters),
      source: "unique decoding distance",
    },
  ];
  for (const term of levelTerms(layout.parameters)) terms.push(term);
  const bits = Math.min(...terms.map((term) => term.bits));
  const sumBits = -Math.log2(terms.reduce((sum, term) => sum + 2 ** -term.bits, 0));
  return { terms, bits, sumBits };
}
