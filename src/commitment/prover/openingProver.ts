/** The prover's side of commitment/verifier.ts. */
import type { ProofPlan } from "../../claims/plan.ts";
import type { Relation } from "../../claims/relation.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { add, EXT_WORDS, type Ext, isZero, mul, ONE, sub, ZERO } from "../../field/ext.ts";
import { type ExtVector, getExt, makeExtVector, setExt } from "../../field/extVector.ts";
import { wordsToBytes } from "../../hash/blake3.ts";
import { missingSiblings, SALT_BYTES } from "../../hash/merkle.ts";
import { extWords, readExt4, readScalar, writeExt4, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { eqTable } from "../../poly/eq.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import { type ClaimGroup, combineClaims } from "../claims.ts";
import * as opening from "../opening.ts";
import { claimWeights, proximityScalars, proximityWeights } from "../rowWeights.ts";
import { ROWS_PER_EXT, rowLength, type StackLayout } from "../stackLayout.ts";
import type { CommittedTree } from "./committedTree.ts";
import { grind } from "./grind.ts";

export function proveOpening(
  kernels: KernelSet,
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
  kernels.dotExt(out, random, storeExt4(kernels, eqTable(rho)), size);
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
  const vector = makeExtVector(length);
  for (let i = 0; i < length; i++) setExt(vector, i, readExt4(kernels.words, combined, i));
  transcript.absorbFieldWords(opening.LABEL_VECTOR, vector);

  const nonce = grind(kernels, transcript.challengeBytes(opening.LABEL_GRIND, 32), parameters.grindBits);
  transcript.absorbBytes(opening.LABEL_NONCE, wordsToBytes([nonce]));
  const positions = opening.drawPositions(transcript, parameters.queries, parameters.logLength);
  const opened = trees.map((tree) => openTree(kernels, tree, positions, parameters.logLength));
  kernels.release(mark);
  return { head: { maskSum, rounds, proximity, vector, nonce }, trees: opened };
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
    b: storeExt4(kernels, group.columns.dense()),
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
  const sum = kernels.alloc(extWords(length));
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

function storeExt4(kernels: KernelSet, vector: ExtVector): number {
  const length = vector.length / EXT_WORDS;
  const ptr = kernels.alloc(extWords(length));
  for (let i = 0; i < length; i++) writeExt4(kernels.words, ptr, i, getExt(vector, i));
  return ptr;
}

function openTree(
  kernels: KernelSet,
  committed: CommittedTree,
  positions: readonly number[],
  depth: number,
): opening.OpenedTree {
  const { words } = kernels;
  const { numRows } = committed.tree;
  const columns = new Uint32Array(positions.length * numRows);
  const salts = new Uint8Array(positions.length * SALT_BYTES);
  const hash = (ptr: number, index: number): Uint8Array => {
    const at = ptr / 4 + 8 * index;
    return wordsToBytes(words.subarray(at, at + 8));
  };
  positions.forEach((position, i) => {
    for (let row = 0; row < numRows; row++) {
      columns[i * numRows + row] = words[committed.symbols / 4 + row * committed.symbolStride + position];
    }
    salts.set(hash(committed.salts, position), i * SALT_BYTES);
  });
  const path = missingSiblings(positions, depth).flatMap((missing, level) =>
    missing.map((index) => hash(committed.levels[level], index)),
  );
  return { columns, salts, path };
}
