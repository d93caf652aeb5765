/** The prover's side of commitment/verifier.ts. */
import type { ProofPlan } from "../../claims/plan.ts";
import type { Relation } from "../../claims/relation.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { add, EXT_WORDS, type Ext, isZero, mul, ONE, sub, ZERO } from "../../field/ext.ts";
import { dotBase, type ExtVector, makeExtVector, setExt } from "../../field/extVector.ts";
import { SALT_BYTES } from "../../hash/merkle.ts";
import { extWords, readScalar, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import { type ClaimGroup, combineClaims } from "../claims.ts";
import * as opening from "../opening.ts";
import { innerShapes } from "../parameters.ts";
import { claimWeights, combineWeights, proximityScalars, proximityWeights } from "../rowWeights.ts";
import { ROWS_PER_EXT, rowLength, type StackLayout } from "../stackLayout.ts";
import { columnTable } from "./columnTable.ts";
import type { CommitmentTables, CommittedTree } from "./committedTree.ts";
import { proveLevels } from "./levelProver.ts";
import { hashAt, openColumns } from "./merkleTree.ts";
import { eqTable4, sendVector, workAndDraw } from "./sentVector.ts";

export function proveOpening(
  kernels: KernelSet,
  tables: CommitmentTables,
  transcript: Transcript,
  plan: ProofPlan,
  layout: StackLayout,
  relations: readonly Relation[],
  trees: readonly CommittedTree[],
): opening.Opening {
  const mark = kernels.mark();
  const { parameters } = layout;
  const size = 2 ** parameters.logColumns;
  const maskSum = readMaskSum(kernels, layout, trees);
  transcript.absorbExts(opening.LABEL_MASK_SUM, [maskSum]);
  const lambda = transcript.challengeExt(opening.LABEL_LAMBDA);
  const claim = combineClaims(plan, layout, relations, lambda, maskSum);
  const { rounds, rho } = proveColumnSumcheck(kernels, transcript, layout, trees, claim.groups, claim.total);

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
  const { nonce, positions } = workAndDraw(kernels, transcript, parameters);
  const opened = trees.map((tree) => openTree(kernels, tree, positions));
  const weights = combineWeights(s, gamma, kappa);
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

function proveColumnSumcheck(
  kernels: KernelSet,
  transcript: Transcript,
  layout: StackLayout,
  trees: readonly CommittedTree[],
  groups: readonly ClaimGroup[],
  total: Ext,
): { rounds: { c0: Ext; c2: Ext }[]; rho: Ext[] } {
  const { logColumns } = layout.parameters;
  const pairs = groups.map((group) => ({
    u: combineGroup(kernels, trees, group, 2 ** logColumns),
    b: columnTable(kernels, group.columns, logColumns),
  }));
  const out = kernels.alloc(2 * EXT_WORDS);
  const scalar = kernels.alloc(EXT_WORDS);
  const rounds: { c0: Ext; c2: Ext }[] = [];
  const rho: Ext[] = [];
  let claim = total;
  for (let round = 0; round < logColumns; round++) {
    const half = 2 ** (logColumns - 1 - round);
    let c0 = ZERO;
    let c2 = ZERO;
    for (const { u, b } of pairs) {
      kernels.productRound(out, u, b, half);
      c0 = add(c0, readScalar(kernels.words, out));
      c2 = add(c2, readScalar(kernels.words, out + 16));
    }
    transcript.absorbExts(opening.LABEL_ROUND, [c0, c2]);
    const r = transcript.challengeExt(opening.LABEL_RHO);
    const c1 = sub(sub(claim, add(c0, c0)), c2);
    claim = add(c0, mul(r, add(c1, mul(r, c2))));
    writeScalar(kernels.words, scalar, r);
    for (const { u, b } of pairs) {
      kernels.extFold(u, u, half, scalar);
      kernels.extFold(b, b, half, scalar);
    }
    rounds.push({ c0, c2 });
    rho.push(r);
  }
  return { rounds, rho };
}

/** Σ weight_row · row over the rows of all trees that take part in the group. */
function combineGroup(
  kernels: KernelSet,
  trees: readonly CommittedTree[],
  group: ClaimGroup,
  length: number,
): number {
  const sum = kernels.alloc(extWords(length));
  for (const tree of trees) {
    const { firstRow, numRows } = tree.tree;
    const rows = [...group.rows.keys()].filter((row) => row >= firstRow && row < firstRow + numRows);
    if (rows.length === 0) continue;
    let first = rows[0];
    let last = rows[0];
    for (const row of rows) {
      first = Math.min(first, row);
      last = Math.max(last, row);
    }
    const weights = makeExtVector(last - first + 1);
    for (const row of rows) setExt(weights, row - first, group.rows.get(row) as Ext);
    addCombination(kernels, sum, tree, first - firstRow, weights, length);
  }
  return sum;
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
  for (const tree of trees) {
    const { firstRow, numRows } = tree.tree;
    const own = weights.subarray(EXT_WORDS * firstRow, EXT_WORDS * (firstRow + numRows));
    addCombination(kernels, sum, tree, 0, own, length);
  }
  return sum;
}

function addCombination(
  kernels: KernelSet,
  sum: number,
  tree: CommittedTree,
  firstRow: number,
  weights: ExtVector,
  length: number,
): void {
  const mark = kernels.mark();
  const coefficients = kernels.alloc(weights.length);
  kernels.words.set(weights, coefficients / 4);
  const part = kernels.alloc(extWords(length));
  const rows = tree.rows + 4 * tree.rowStride * firstRow;
  kernels.combineRows(part, rows, tree.rowStride, weights.length / EXT_WORDS, coefficients, length);
  const one = kernels.alloc(EXT_WORDS);
  writeScalar(kernels.words, one, ONE);
  kernels.extMulAdd(sum, sum, part, one, length);
  kernels.release(mark);
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
