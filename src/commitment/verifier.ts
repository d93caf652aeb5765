/**
 * Verifies that committed rows satisfy all linear equations (two-stage opening, protocol review, decision 3): a sumcheck
 * over the columns reduces the batch to one row combination evaluated at ρ; that combination, blended with a random one,
 * is sent as a vector and compared with the commitments at Q random columns.
 */

import type { ProofPlan } from "../claims/plan.ts";
import type { Relation } from "../claims/relation.ts";
import { circleEncodeExtAt } from "../code/circle.ts";
import { check } from "../errors/proofError.ts";
import { add, EXT_WORDS, type Ext, equals, isZero, mul } from "../field/ext.ts";
import { dotBase, type ExtVector, getExt } from "../field/extVector.ts";
import { wordsToBytes } from "../hash/blake3.ts";
import { hashLeaf, rootFromLeaves, SALT_BYTES } from "../hash/merkle.ts";
import { evaluateMultilinear } from "../poly/eq.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { combineClaims } from "./claims.ts";
import * as opening from "./opening.ts";
import { hasWork } from "./proofOfWork.ts";
import {
  claimWeights,
  combineWeights,
  proximityScalars,
  proximityWeights,
  roundValue,
} from "./rowWeights.ts";
import type { StackLayout, StackTree } from "./stackLayout.ts";

/** What `verifyOpeningHead` leaves to check at the queried columns. */
export interface PendingColumns {
  /** Weight of every row in the sent vector. */
  readonly weights: ExtVector;
  readonly positions: readonly number[];
  /** The sent vector's codeword at these positions. */
  readonly symbols: ExtVector;
}

/** Checks everything before the queries and draws them. */
export function verifyOpeningHead(
  transcript: Transcript,
  plan: ProofPlan,
  layout: StackLayout,
  relations: readonly Relation[],
  head: opening.OpeningHead,
): PendingColumns {
  const { parameters } = layout;
  transcript.absorbExts(opening.LABEL_MASK_SUM, [head.maskSum]);
  const lambda = transcript.challengeExt(opening.LABEL_LAMBDA);
  const claim = combineClaims(plan, layout, relations, lambda, head.maskSum);

  let value = claim.total;
  const rho: Ext[] = [];
  for (const { c0, c2 } of head.rounds) {
    transcript.absorbExts(opening.LABEL_ROUND, [c0, c2]);
    const r = transcript.challengeExt(opening.LABEL_RHO);
    value = roundValue(value, c0, c2, r);
    rho.push(r);
  }
  const s = claimWeights(layout, claim.groups, rho);
  const gamma = proximityWeights(layout, opening.drawRowCoefficients(transcript, proximityScalars(layout)));
  transcript.absorbExts(opening.LABEL_PROXIMITY, [head.proximity]);
  const kappa = transcript.challengeExt(opening.LABEL_KAPPA);
  check(!isZero(kappa), "opening.kappa", "blending challenge is zero");
  transcript.absorbFieldWords(opening.LABEL_VECTOR, head.vector);
  const data = head.vector.subarray(0, EXT_WORDS * 2 ** parameters.logColumns);
  const evaluation = evaluateMultilinear(data, rho);
  check(
    equals(evaluation, add(value, mul(kappa, head.proximity))),
    "opening.evaluation",
    "row combination at rho",
  );

  const state = transcript.challengeBytes(opening.LABEL_GRIND, 32);
  check(hasWork(state, head.nonce, parameters.grindBits), "opening.grind", "proof of work");
  transcript.absorbBytes(opening.LABEL_NONCE, wordsToBytes([head.nonce]));
  const positions = opening.drawPositions(transcript, parameters.queries, parameters.logLength);
  return {
    weights: combineWeights(s, gamma, kappa),
    positions,
    symbols: circleEncodeExtAt(head.vector, parameters.logLength, positions),
  };
}

/** Checks one tree's opened columns against its root and adds their part of the combination to `sums` (one per position). */
export function verifyTreeColumns(
  layout: StackLayout,
  tree: StackTree,
  root: Uint8Array,
  pending: PendingColumns,
  opened: opening.OpenedTree,
  sums: Ext[],
): void {
  const { positions, weights } = pending;
  const leaves = positions.map((position, i) => {
    const column = opened.columns.subarray(i * tree.numRows, (i + 1) * tree.numRows);
    const salt = opened.salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
    sums[i] = add(sums[i], dotBase(column, weights.subarray(EXT_WORDS * tree.firstRow)));
    return hashLeaf(opening.TREE_LABEL[tree.name], position, salt, column);
  });
  const computed = rootFromLeaves(positions, leaves, layout.parameters.logLength, opened.path);
  check(equalBytes(computed, root), "opening.root", `${tree.name} tree`);
}

/** The sums over all trees must be the codeword of the sent vector at every queried position. */
export function verifyColumnSums(pending: PendingColumns, sums: readonly Ext[]): void {
  pending.positions.forEach((position, i) => {
    check(equals(sums[i], getExt(pending.symbols, i)), "opening.column", `position ${position}`);
  });
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
