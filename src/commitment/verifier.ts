/**
 * Verifies that committed rows satisfy all linear equations (two-stage opening, protocol review, decision 3): a sumcheck
 * over the columns reduces the batch to one row combination evaluated at ρ; that combination, blended with a random one,
 * is sent as a vector and compared with the commitments at Q random columns. Instead of the vector a commitment to it may
 * be sent (levelVerifier.ts).
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
import type { VectorClaim } from "./queryClaims.ts";
import {
  claimWeights,
  combineWeights,
  proximityScalars,
  proximityWeights,
  roundValue,
} from "./rowWeights.ts";
import type { StackLayout, StackTree } from "./stackLayout.ts";

/** What is left to check at the queried columns of a matrix, and of the vector that combines its rows. */
export interface PendingColumns {
  /** Weight of every row in the vector. */
  readonly weights: ExtVector;
  readonly positions: readonly number[];
  /** What the vector must satisfy; checked already where it was sent in clear. */
  readonly claim: VectorClaim;
  readonly sent: opening.SentVector;
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
  const combined = combineClaims(plan, layout, relations, lambda, head.maskSum);

  let value = combined.total;
  const rho: Ext[] = [];
  for (const { c0, c2 } of head.rounds) {
    transcript.absorbExts(opening.LABEL_ROUND, [c0, c2]);
    const r = transcript.challengeExt(opening.LABEL_RHO);
    value = roundValue(value, c0, c2, r);
    rho.push(r);
  }
  const s = claimWeights(layout, combined.groups, rho);
  const gamma = proximityWeights(layout, opening.drawRowCoefficients(transcript, proximityScalars(layout)));
  transcript.absorbExts(opening.LABEL_PROXIMITY, [head.proximity]);
  const kappa = transcript.challengeExt(opening.LABEL_KAPPA);
  check(!isZero(kappa), "opening.kappa", "blending challenge is zero");
  const claim = { point: rho, value: add(value, mul(kappa, head.proximity)) };
  const { sent } = head;
  absorbVector(transcript, sent);
  if (sent.kind === "clear") {
    check(satisfies(sent.vector, claim), "opening.evaluation", "row combination at rho");
  }
  const state = transcript.challengeBytes(opening.LABEL_GRIND, 32);
  check(hasWork(state, head.nonce, parameters.grindBits), "opening.grind", "proof of work");
  const positions = drawAfterWork(transcript, head.nonce, parameters);
  return { weights: combineWeights(s, gamma, kappa), positions, claim, sent };
}

export function absorbVector(transcript: Transcript, sent: opening.SentVector): void {
  if (sent.kind === "clear") transcript.absorbFieldWords(opening.LABEL_VECTOR, sent.vector);
  else transcript.absorbBytes(opening.LABEL_VECTOR_ROOT, sent.root);
}

/** Whether the first 2^point.length elements have the claimed evaluation. */
export function satisfies(vector: ExtVector, { point, value }: VectorClaim): boolean {
  return equals(evaluateMultilinear(vector.subarray(0, EXT_WORDS * 2 ** point.length), point), value);
}

export function drawAfterWork(
  transcript: Transcript,
  nonce: number,
  { queries, logLength }: { readonly queries: number; readonly logLength: number },
): number[] {
  transcript.absorbBytes(opening.LABEL_NONCE, wordsToBytes([nonce]));
  return opening.drawPositions(transcript, queries, logLength);
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

/** A vector in clear: the sums over its matrix must be its codeword at every queried position. */
export function verifyColumnSums(
  vector: ExtVector,
  logLength: number,
  positions: readonly number[],
  sums: readonly Ext[],
  code: "opening.column" | "opening.levelColumn",
): void {
  const symbols = circleEncodeExtAt(vector, logLength, positions);
  positions.forEach((position, i) => {
    check(equals(sums[i], getExt(symbols, i)), code, `position ${position}`);
  });
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
