/**
 * Verifies a level of recursion (docs/decisions/0009): that the committed vector satisfies its claim and has, at the queried
 * positions of the matrix before, the codeword that the opened columns give. One sumcheck reduces all of it to an
 * evaluation of the vector, hence of a combination of the rows in which it is committed, and that combination is the next
 * vector. The positions' sums are bound by roots and positions; they are absorbed before they are batched.
 */
import { check } from "../errors/proofError.ts";
import { add, EXT_WORDS, type Ext, mul } from "../field/ext.ts";
import { dotExt, toExtVector } from "../field/extVector.ts";
import { hashLeaf, rootFromLeaves, SALT_BYTES } from "../hash/merkle.ts";
import type { Transcript } from "../transcript/transcript.ts";
import * as opening from "./opening.ts";
import type { InnerShape } from "./parameters.ts";
import { hasWork } from "./proofOfWork.ts";
import { batchedValue, evaluateBatched } from "./queryClaims.ts";
import { combineWeights, levelWeights, roundValue } from "./rowWeights.ts";
import { absorbVector, drawAfterWork, equalBytes, type PendingColumns, satisfies } from "./verifier.ts";

/** Checks everything of a level before its queries. `before`, `sums`: the columns of the matrix before, with its code. */
export function verifyLevelHead(
  transcript: Transcript,
  shape: InnerShape,
  before: PendingColumns & { readonly logLength: number },
  sums: readonly Ext[],
  head: opening.CombinationHead,
): PendingColumns {
  const where = `level ${shape.number}`;
  transcript.absorbExts(opening.LABEL_SUMS, sums);
  const tau = transcript.challengeExt(opening.LABEL_TAU);
  let value = batchedValue(before.claim.value, sums, tau);
  const z: Ext[] = [];
  for (const { c0, c2 } of head.rounds) {
    transcript.absorbExts(opening.LABEL_LEVEL_ROUND, [c0, c2]);
    const r = transcript.challengeExt(opening.LABEL_ZETA);
    value = roundValue(value, c0, c2, r);
    z.push(r);
  }
  const { positions, claim, logLength } = before;
  const factor = evaluateBatched(z, claim.point, shape.vectorLength, positions, logLength, tau);
  const numRowBits = z.length - shape.logColumns;
  const s = levelWeights(z.slice(0, numRowBits), shape.numRows, factor);
  const gamma = toExtVector(opening.drawRowCoefficients(transcript, shape.numRows));
  transcript.absorbExts(opening.LABEL_LEVEL_PROXIMITY, [head.proximity]);
  const kappa = transcript.challengeExt(opening.LABEL_LEVEL_KAPPA);
  const next = { point: z.slice(numRowBits), value: add(value, mul(kappa, head.proximity)) };
  const { sent } = head;
  absorbVector(transcript, sent);
  if (sent.kind === "clear") check(satisfies(sent.vector, next), "opening.levelEvaluation", where);
  const state = transcript.challengeBytes(opening.LABEL_GRIND, 32);
  check(hasWork(state, head.nonce, shape.grindBits), "opening.levelGrind", where);
  const drawn = drawAfterWork(transcript, head.nonce, shape);
  return { weights: combineWeights(s, gamma, kappa), positions: drawn, claim: next, sent };
}

const NO_SALT: Uint8Array = new Uint8Array(SALT_BYTES);

/** Checks a level's opened columns against its root; their combinations, one for each position. */
export function verifyLevelColumns(
  shape: InnerShape,
  root: Uint8Array,
  { positions, weights }: PendingColumns,
  { columns, path }: Pick<opening.OpenedLevel, "columns" | "path">,
): Ext[] {
  const numWords = EXT_WORDS * shape.numRows;
  const opened = positions.map((_, i) => columns.subarray(i * numWords, (i + 1) * numWords));
  const leaves = positions.map((position, i) =>
    hashLeaf(opening.LEVEL_LABEL + shape.number, position, NO_SALT, opened[i]),
  );
  const computed = rootFromLeaves(positions, leaves, shape.logLength, path);
  check(equalBytes(computed, root), "opening.levelRoot", `level ${shape.number}`);
  return opened.map((column) => dotExt(column, weights));
}
