/** The prover's side of commitment/verifier.ts. */
import type { ProofPlan } from "../../claims/plan.ts";
import type { Relation } from "../../claims/relation.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { add, EXT_WORDS, type Ext, isZero, ONE, ZERO } from "../../field/ext.ts";
import { dotBase, type ExtVector } from "../../field/extVector.ts";
import { SALT_BYTES } from "../../hash/merkle.ts";
import { extWords, readScalar, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import { combineClaims } from "../claims.ts";
import * as opening from "../opening.ts";
import { innerShapes } from "../parameters.ts";
import { claimWeights, combineWeights, proximityScalars, proximityWeights } from "../rowWeights.ts";
import { ROWS_PER_EXT, rowLength, type StackLayout } from "../stackLayout.ts";
import { proveColumnSumcheck } from "./columnSumcheck.ts";
import type { CommitmentTables, CommittedTree } from "./committedTree.ts";
import { proveLevels } from "./levelProver.ts";
import { hashAt, openColumns } from "./merkleTree.ts";
import { eqTable4, sendVector, workAndDraw } from "./sentVector.ts";

/** Parts of the opening, in order, for profiles. */
export type OpeningStep = "columns" | "combination" | "queries" | "levels";

export function proveOpening(
  kernels: KernelSet,
  tables: CommitmentTables,
  transcript: Transcript,
  plan: ProofPlan,
  layout: StackLayout,
  relations: readonly Relation[],
  trees: readonly CommittedTree[],
  onStep: (step: OpeningStep) => void = () => {},
): opening.Opening {
  const mark = kernels.mark();
  onStep("columns");
  const { parameters } = layout;
  const size = 2 ** parameters.logColumns;
  const maskSum = readMaskSum(kernels, layout, trees);
  transcript.absorbExts(opening.LABEL_MASK_SUM, [maskSum]);
  const lambda = transcript.challengeExt(opening.LABEL_LAMBDA);
  const claim = combineClaims(plan, layout, relations, lambda, maskSum);
  const { rounds, rho } = proveColumnSumcheck(kernels, transcript, layout, trees, claim.groups, claim.total);

  onStep("combination");
  const s = claimWeights(layout, claim.groups, rho);
  const gamma = proximityWeights(layout, opening.drawRowCoefficients(transcript, proximityScalars(layout)));
  const length = rowLength(parameters);
  const combined = combineAll(kernels, trees, s, length);
  const random = combineAll(kernels, trees, gamma, length);
  const out = kernels.alloc(EXT_WORDS);
  kernels.dotExt(out, random, eqTable4(kernels, rho), size);
  const proximity = readScalar(kernels.words, out);
  transcript.absorbExts(opening.LABEL_PROXIMITY, [proximity]);
  const kappa = transcript.challengeExt(opening.LABEL_KAPPA);
  if (isZero(kappa)) {
    // The vector would go out without its mask H; every verifier would refuse it, but it would have been seen.
    throw new TensorproofError(
      "prove.degenerate",
      "the blending challenge is zero, which happens once in 2^124 proofs; prove again",
      { where: "opening" },
    );
  }
  writeScalar(kernels.words, out, kappa);
  kernels.extMulAdd(combined, combined, random, out, length);

  const shapes = innerShapes(parameters);
  const held = sendVector(kernels, tables, transcript, { ptr: combined, length }, shapes[0]);
  onStep("queries");
  const { nonce, positions } = workAndDraw(kernels, transcript, parameters);
  const opened = trees.map((tree) => openTree(kernels, tree, positions));
  const weights = combineWeights(s, gamma, kappa);
  onStep("levels");
  const levels = proveLevels(kernels, tables, transcript, shapes, held, {
    point: rho,
    positions,
    logLength: parameters.logLength,
    sums: columnSums(layout, opened, weights, positions.length),
  });
  kernels.release(mark);
  return { head: { maskSum, rounds, proximity, sent: held.sent, nonce }, trees: opened, levels };
}

/** The combined symbol at each position, from the opened columns. */
function columnSums(
  layout: StackLayout,
  opened: readonly opening.OpenedTree[],
  weights: ExtVector,
  count: number,
): Ext[] {
  if (layout.parameters.levels.length === 0) return [];
  return Array.from({ length: count }, (_, i) =>
    layout.trees.reduce((sum, { firstRow, numRows }, tree) => {
      const column = opened[tree].columns.subarray(i * numRows, (i + 1) * numRows);
      return add(sum, dotBase(column, weights.subarray(EXT_WORDS * firstRow)));
    }, ZERO),
  );
}

/** μ = ⟨e_0, G₁⟩ + ⟨e_(D−1), G₂⟩. */
function readMaskSum(kernels: KernelSet, layout: StackLayout, trees: readonly CommittedTree[]): Ext {
  const advice = trees[trees.length - 1];
  const cell = (row: number, column: number): Ext => {
    const base = advice.rows / 4 + (row - advice.tree.firstRow) * advice.rowStride + column;
    return [0, 1, 2, 3].map((c) => kernels.words[base + c * advice.rowStride]) as unknown as Ext;
  };
  const last = 2 ** layout.parameters.logColumns - 1;
  return add(cell(layout.firstMaskRow, 0), cell(layout.firstMaskRow + ROWS_PER_EXT, last));
}

/** Σ over all rows of the stack; `weights` by stack row. */
function combineAll(
  kernels: KernelSet,
  trees: readonly CommittedTree[],
  weights: ExtVector,
  length: number,
): number {
  // A level of recursion folds the vector as one of twice the columns.
  const sum = kernels.alloc(extWords(2 ** Math.ceil(Math.log2(length))));
  const mark = kernels.mark();
  const one = kernels.alloc(EXT_WORDS);
  writeScalar(kernels.words, one, ONE);
  const coefficients = kernels.alloc(weights.length);
  kernels.words.set(weights, coefficients / 4);
  const part = trees.length > 1 ? kernels.allocUnset(extWords(length)) : sum;
  trees.forEach(({ tree, rows, rowStride }, i) => {
    const target = i === 0 ? sum : part;
    const own = coefficients + 4 * EXT_WORDS * tree.firstRow;
    kernels.combineRows(target, rows, rowStride, tree.numRows, own, length);
    if (i > 0) kernels.extMulAdd(sum, sum, part, one, length);
  });
  kernels.release(mark);
  return sum;
}

function openTree(
  kernels: KernelSet,
  committed: CommittedTree,
  positions: readonly number[],
): opening.OpenedTree {
  const salts = new Uint8Array(positions.length * SALT_BYTES);
  positions.forEach((position, i) => {
    salts.set(hashAt(kernels, committed.salts, position), i * SALT_BYTES);
  });
  return { ...openColumns(kernels, committed, positions), salts };
}
