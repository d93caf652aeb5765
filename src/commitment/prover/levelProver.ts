/** The prover's side of commitment/levelVerifier.ts. */
import { basisValues, type CirclePoint, domainPoints, doubleX } from "../../code/circleGroup.ts";
import { BASIS, EXT_WORDS, type Ext, mul, scale } from "../../field/ext.ts";
import { dotExt, type ExtVector, getExt, makeExtVector, setExt, toExtVector } from "../../field/extVector.ts";
import { extWords, readExt4, readScalar, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import * as opening from "../opening.ts";
import type { InnerShape } from "../parameters.ts";
import { combineWeights, levelWeights } from "../rowWeights.ts";
import { ROWS_PER_EXT } from "../stackLayout.ts";
import type { CommitmentTables } from "./committedTree.ts";
import { openColumns } from "./merkleTree.ts";
import {
  type CommittedVector,
  clearLanes,
  eqTable4,
  type HeldVector,
  sendVector,
  type Vector4,
  workAndDraw,
} from "./sentVector.ts";

/** What the next level takes over: the vector's evaluation at a point, and its codeword's symbols at positions. */
export interface OpenClaims {
  readonly point: readonly Ext[];
  readonly positions: readonly number[];
  readonly logLength: number;
  readonly sums: readonly Ext[];
}

export function proveLevels(
  kernels: KernelSet,
  tables: CommitmentTables,
  transcript: Transcript,
  shapes: readonly InnerShape[],
  first: HeldVector,
  firstClaims: OpenClaims,
): opening.OpenedLevel[] {
  let held = first;
  let claims = firstClaims;
  return shapes.map((shape, i) => {
    if (held.committed === null) throw new TypeError("a level without a commitment");
    const { committed } = held;
    const { rounds, z, factor } = proveQueries(kernels, transcript, shape, held, claims);
    const numRowBits = z.length - shape.logColumns;
    const s = levelWeights(z.slice(0, numRowBits), shape.numRows, factor);
    const gamma = toExtVector(opening.drawRowCoefficients(transcript, shape.numRows));
    const size = 2 ** shape.logColumns;
    const ptr = combineRows(kernels, committed, s, size);
    const random = combineRows(kernels, committed, gamma, size);
    const out = kernels.alloc(EXT_WORDS);
    const point = z.slice(numRowBits);
    kernels.dotExt(out, random, eqTable4(kernels, point), size);
    const proximity = readScalar(kernels.words, out);
    transcript.absorbExts(opening.LABEL_LEVEL_PROXIMITY, [proximity]);
    const kappa = transcript.challengeExt(opening.LABEL_LEVEL_KAPPA);
    writeScalar(kernels.words, out, kappa);
    kernels.extMulAdd(ptr, ptr, random, out, size);
    held = sendVector(kernels, tables, transcript, { ptr, length: size }, shapes[i + 1]);
    const { nonce, positions } = workAndDraw(kernels, transcript, shape);
    const { columns, path } = openColumns(kernels, committed, positions);
    const weights = combineWeights(s, gamma, kappa);
    const words = EXT_WORDS * shape.numRows;
    const sums = positions.map((_, k) => dotExt(columns.subarray(k * words, (k + 1) * words), weights));
    claims = { point, positions, logLength: shape.logLength, sums };
    return { head: { rounds, proximity, sent: held.sent, nonce }, columns, path };
  });
}

/** The sumcheck that reduces all claims to one evaluation at z. `factor`: the public vector's evaluation there. */
function proveQueries(
  kernels: KernelSet,
  transcript: Transcript,
  shape: InnerShape,
  vector: Vector4,
  claims: OpenClaims,
): { rounds: opening.Round[]; z: Ext[]; factor: Ext } {
  transcript.absorbExts(opening.LABEL_SUMS, claims.sums);
  const tau = transcript.challengeExt(opening.LABEL_TAU);
  clearLanes(kernels, vector);
  const f = vector.ptr;
  const g = batchedVector(kernels, shape, claims, tau);
  const out = kernels.alloc(2 * EXT_WORDS);
  const scalar = kernels.alloc(EXT_WORDS);
  const rounds: opening.Round[] = [];
  const z: Ext[] = [];
  for (let round = 0; round < shape.numVariables; round++) {
    const half = 2 ** (shape.numVariables - 1 - round);
    kernels.productRound(out, f, g, half);
    const c0 = readScalar(kernels.words, out);
    const c2 = readScalar(kernels.words, out + 4 * EXT_WORDS);
    transcript.absorbExts(opening.LABEL_LEVEL_ROUND, [c0, c2]);
    const r = transcript.challengeExt(opening.LABEL_ZETA);
    writeScalar(kernels.words, scalar, r);
    kernels.extFold(f, f, half, scalar);
    kernels.extFold(g, g, half, scalar);
    rounds.push({ c0, c2 });
    z.push(r);
  }
  return { rounds, z, factor: readExt4(kernels.words, g, 0) };
}

/** log2 of the longest table of basis values of low index bits: with those of Q points it fits the second-level cache. */
const TABLE_BITS = 9;

/**
 * eq(point) on the first 2^point.length cells plus Σ_k τ^(k+1)·b(P_k) on the first vectorLength, as ext4 of 2^numVariables.
 * Basis values are products of one of the high and one of the low bits of an index: short tables, and one combination of
 * the low ones for each value of the high bits.
 */
function batchedVector(
  kernels: KernelSet,
  { numVariables, vectorLength }: InnerShape,
  { point, positions, logLength }: OpenClaims,
  tau: Ext,
): number {
  const ptr = eqTable4(kernels, point, 2 ** numVariables);
  const mark = kernels.mark();
  // Blocks of whole lines.
  const lowBits = Math.min(numVariables, TABLE_BITS, Math.max(2, (numVariables + 1) >> 1));
  const lowSize = 2 ** lowBits;
  const stride = Math.ceil(lowSize / 16) * 16;
  const low = kernels.alloc(positions.length * stride);
  const high: Uint32Array[] = [];
  const powers: Ext[] = [];
  domainPoints(logLength, positions).forEach((at, k) => {
    const { lowValues, highValues } = splitBasis(at, lowBits, numVariables - lowBits);
    kernels.words.set(lowValues, low / 4 + k * stride);
    high.push(highValues);
    powers.push(k === 0 ? tau : mul(powers[k - 1], tau));
  });
  const coefficients = kernels.alloc(EXT_WORDS * positions.length);
  const weights = makeExtVector(positions.length);
  const part = kernels.alloc(extWords(lowSize));
  const one = kernels.alloc(EXT_WORDS);
  writeScalar(kernels.words, one, BASIS[0]);
  for (let block = 0; block * lowSize < vectorLength; block++) {
    positions.forEach((_, k) => {
      setExt(weights, k, scale(powers[k], high[k][block]));
    });
    kernels.words.set(weights, coefficients / 4);
    const count = Math.min(lowSize, vectorLength - block * lowSize);
    kernels.combineRows(part, low, stride, positions.length, coefficients, count);
    const at = ptr + 4 * extWords(block * lowSize);
    kernels.extMulAdd(at, at, part, one, count);
  }
  clearLanes(kernels, { ptr, length: vectorLength });
  kernels.release(mark);
  return ptr;
}

/** b_j = low[j mod 2^lowBits] · high[j div 2^lowBits]. */
function splitBasis(
  at: CirclePoint,
  lowBits: number,
  highBits: number,
): { lowValues: Uint32Array; highValues: Uint32Array } {
  const lowValues = basisValues(2 ** lowBits, at);
  // The factors of the high bits are those of a point whose y is the first of them.
  let { x } = at;
  for (let bit = 1; bit < lowBits; bit++) x = doubleX(x);
  return { lowValues, highValues: basisValues(2 ** highBits, { x: doubleX(x), y: x }) };
}

/** Σ weight_r · row r of K: coordinate c of a row counts with the c-th basis vector. */
function combineRows(
  kernels: KernelSet,
  { rows, rowStride, numRows }: CommittedVector,
  weights: ExtVector,
  length: number,
): number {
  const ptr = kernels.alloc(extWords(length));
  const mark = kernels.mark();
  const expanded = makeExtVector(numRows);
  for (let row = 0; row < numRows / ROWS_PER_EXT; row++) {
    const weight = getExt(weights, row);
    BASIS.forEach((basis, c) => {
      setExt(expanded, ROWS_PER_EXT * row + c, mul(weight, basis));
    });
  }
  const coefficients = kernels.alloc(expanded.length);
  kernels.words.set(expanded, coefficients / 4);
  kernels.combineRows(ptr, rows, rowStride, numRows, coefficients, length);
  kernels.release(mark);
  return ptr;
}
