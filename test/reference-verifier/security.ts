/**
 * Security accounting: docs/spec/08-security.md.
 */
import { log2Down, SIZE } from "./log2.ts";
import { type Parameters, queryBits, vectorLength } from "./parameters.ts";

/** What the terms need to know of a plan. */
export interface PlanNumbers {
  /** C: the most columns that a section has. */
  readonly maxColumns: number;
  /** S: real cells of all sections. */
  readonly sectionCells: number;
  /** Z: variables of the longest equality. */
  readonly equalityVariables: number;
  readonly equalities: number;
  readonly layerClaims: number;
  readonly viewClaims: number;
  readonly products: number;
  readonly scalars: number;
}

export interface Term {
  readonly round: string;
  readonly bits: number;
}

/** e(x) = log2Down(SIZE / x). */
function errorBits(count: number): number {
  return log2Down(SIZE / count);
}

function lookupRows({ maxColumns, sectionCells }: PlanNumbers): number {
  return Math.max(1, maxColumns) * (sectionCells + 1);
}

/** 8.4 */
export function workBits(numbers: PlanNumbers): number {
  return Math.min(5, Math.max(0, Math.ceil(102 - errorBits(lookupRows(numbers)))));
}

/** All terms of 8.2, in its order. */
export function securityTerms(numbers: PlanNumbers, parameters: Parameters): Term[] {
  const { equalityVariables, layerClaims, viewClaims, products, scalars, equalities } = numbers;
  const n = 2 ** parameters.logLength;
  const terms = [
    { round: "lookup rows", bits: errorBits(lookupRows(numbers)) + workBits(numbers) },
    { round: "output points", bits: errorBits(Math.max(1, equalityVariables)) },
    { round: "sumcheck challenges", bits: errorBits(3) },
    { round: "claim batching", bits: errorBits(Math.max(1, layerClaims, viewClaims)) },
    { round: "product check", bits: errorBits(2 * products) },
    { round: "equation batching", bits: errorBits(scalars + equalities) },
    { round: "proximity", bits: errorBits(n) },
    { round: "blending", bits: errorBits(n) },
    { round: "queries", bits: queryBits(parameters, vectorLength(parameters)) },
  ];
  let queriesBefore = parameters.queries;
  for (const [index, level] of parameters.levels.entries()) {
    const name = `level ${index + 1}: `;
    const length = 2 ** level.logLength;
    terms.push({ round: `${name}batching`, bits: errorBits(queriesBefore) });
    terms.push({ round: `${name}sumcheck`, bits: errorBits(2) });
    terms.push({ round: `${name}proximity`, bits: errorBits(length) });
    terms.push({ round: `${name}blending`, bits: errorBits(length) });
    terms.push({ round: `${name}queries`, bits: queryBits(level, 2 ** level.logColumns + 1) });
    queriesBefore = level.queries;
  }
  return terms;
}

/** The level: bits of the weakest round. */
export function securityLevel(numbers: PlanNumbers, parameters: Parameters): number {
  return Math.min(...securityTerms(numbers, parameters).map(({ bits }) => bits));
}
