/**
 * The opening up to the vector v, and the columns that fit it, from uniform values: docs/spec/20-zero-knowledge.md, steps 4
 * to 6. Whatever follows the vector is computed from it by everybody alike.
 */

import type { ProofPlan } from "../../../claims/plan.ts";
import type { Relation } from "../../../claims/relation.ts";
import { combineClaims } from "../../../commitment/claims.ts";
import * as opening from "../../../commitment/opening.ts";
import {
  claimWeights,
  combineWeights,
  proximityScalars,
  proximityWeights,
  roundValue,
} from "../../../commitment/rowWeights.ts";
import { ROWS_PER_EXT, rowLength, type StackLayout } from "../../../commitment/stackLayout.ts";
import { add, EXT_WORDS, type Ext, inv, mul, sub, ZERO } from "../../../field/ext.ts";
import { dotBase, type ExtVector, getExt, makeExtVector, setExt } from "../../../field/extVector.ts";
import { eqAtIndex, evaluateMultilinear, type Point } from "../../../poly/eq.ts";
import type { Transcript } from "../../../transcript/transcript.ts";
import type { Coins } from "./coins.ts";

/** The opening's messages before the nonce, and what the queried columns have to satisfy. */
export interface SimulatedHead {
  readonly maskSum: Ext;
  readonly rounds: readonly { readonly c0: Ext; readonly c2: Ext }[];
  readonly proximity: Ext;
  /** v, rowLength elements. */
  readonly vector: ExtVector;
  /** Weight of every row of the stack in v. */
  readonly weights: ExtVector;
  readonly kappa: Ext;
  /** Where the column sumcheck ends. */
  readonly rho: Point;
}

export function simulateHead(
  transcript: Transcript,
  plan: ProofPlan,
  layout: StackLayout,
  relations: readonly Relation[],
  coins: Coins,
): SimulatedHead {
  const { parameters } = layout;
  const maskSum = coins.ext();
  transcript.absorbExts(opening.LABEL_MASK_SUM, [maskSum]);
  const lambda = transcript.challengeExt(opening.LABEL_LAMBDA);
  const claim = combineClaims(plan, layout, relations, lambda, maskSum);
  let value = claim.total;
  const rho: Ext[] = [];
  const rounds = Array.from({ length: parameters.logColumns }, () => {
    const round = { c0: coins.ext(), c2: coins.ext() };
    transcript.absorbExts(opening.LABEL_ROUND, [round.c0, round.c2]);
    const r = transcript.challengeExt(opening.LABEL_RHO);
    value = roundValue(value, round.c0, round.c2, r);
    rho.push(r);
    return round;
  });
  const s = claimWeights(layout, claim.groups, rho);
  const gamma = proximityWeights(layout, opening.drawRowCoefficients(transcript, proximityScalars(layout)));
  const proximity = coins.ext();
  transcript.absorbExts(opening.LABEL_PROXIMITY, [proximity]);
  const kappa = transcript.challengeExt(opening.LABEL_KAPPA);
  const vector = vectorWithEvaluation(rowLength(parameters), rho, add(value, mul(kappa, proximity)), coins);
  return { maskSum, rounds, proximity, vector, weights: combineWeights(s, gamma, kappa), kappa, rho };
}

/** Uniform among the vectors whose first 2^|rho| elements have this evaluation at rho. No coordinate of rho may be 1. */
function vectorWithEvaluation(length: number, rho: Point, evaluation: Ext, coins: Coins): ExtVector {
  const vector = makeExtVector(length);
  for (let i = 0; i < length; i++) setExt(vector, i, coins.ext());
  const data = vector.subarray(0, EXT_WORDS * 2 ** rho.length);
  const missing = sub(evaluation, evaluateMultilinear(data, rho));
  setExt(vector, 0, add(getExt(vector, 0), mul(missing, inv(eqAtIndex(rho, 0)))));
  return vector;
}

/**
 * Solves the four words of the last mask in each column of the last tree, so that all columns together give the codeword of
 * v. `columns`: one list of columns per tree, in stack order, by position; those of the last tree are changed.
 */
export function fitLastMask(
  layout: StackLayout,
  { weights, kappa }: SimulatedHead,
  symbols: ExtVector,
  columns: readonly (readonly Uint32Array[])[],
): void {
  const { trees, numRows } = layout;
  const advice = trees[trees.length - 1];
  const maskRow = numRows - ROWS_PER_EXT - advice.firstRow;
  const scale = inv(kappa);
  columns[columns.length - 1].forEach((last, i) => {
    last.fill(0, maskRow);
    const others = trees.reduce(
      (sum, { firstRow }, tree) =>
        add(sum, dotBase(columns[tree][i], weights.subarray(EXT_WORDS * firstRow))),
      ZERO,
    );
    // The mask's four rows have the weights κ, κi, κu and κiu.
    last.set(mul(scale, sub(getExt(symbols, i), others)), maskRow);
  });
}
