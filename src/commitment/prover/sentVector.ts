/** How the prover sends a combination of rows, in clear or as a commitment, and what follows: work and positions. */
import { EXT_WORDS, type Ext, ONE, ZERO } from "../../field/ext.ts";
import { makeExtVector, setExt } from "../../field/extVector.ts";
import { wordsToBytes } from "../../hash/blake3.ts";
import { extIndex, extWords, readExt4, writeExt4, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import * as opening from "../opening.ts";
import type { InnerShape } from "../parameters.ts";
import { ROWS_PER_EXT } from "../stackLayout.ts";
import type { CommitmentTables } from "./committedTree.ts";
import { grind } from "./grind.ts";
import { type ColumnTree, HASH_WORDS, hashColumns, rootOf, symbolStride } from "./merkleTree.ts";

/** A vector in kernel memory (ext4), with room for the next power of two. */
export interface Vector4 {
  readonly ptr: number;
  readonly length: number;
}

/** Rows over F that hold the vector, a row of K in four, and the tree over their codewords. */
export interface CommittedVector extends ColumnTree {
  readonly rows: number;
  readonly rowStride: number;
}

export interface HeldVector extends Vector4 {
  readonly sent: opening.SentVector;
  /** Null where it was sent in clear. */
  readonly committed: CommittedVector | null;
}

/** `next`: the level that commits to the vector, if any. */
export function sendVector(
  kernels: KernelSet,
  tables: CommitmentTables,
  transcript: Transcript,
  vector: Vector4,
  next: InnerShape | undefined,
): HeldVector {
  if (next === undefined) {
    const clear = makeExtVector(vector.length);
    for (let i = 0; i < vector.length; i++) setExt(clear, i, readExt4(kernels.words, vector.ptr, i));
    transcript.absorbFieldWords(opening.LABEL_VECTOR, clear);
    return { ...vector, sent: { kind: "clear", vector: clear }, committed: null };
  }
  const committed = commitVector(kernels, tables, vector, next);
  const root = rootOf(kernels, committed);
  transcript.absorbBytes(opening.LABEL_VECTOR_ROOT, root);
  return { ...vector, sent: { kind: "committed", root }, committed };
}

function commitVector(
  kernels: KernelSet,
  tables: CommitmentTables,
  vector: Vector4,
  { number, numRows, logColumns, logLength }: InnerShape,
): CommittedVector {
  const size = 2 ** logColumns;
  const length = 2 ** logLength;
  const rowStride = Math.ceil(size / 16) * 16;
  const baseRows = ROWS_PER_EXT * numRows;
  const rows = kernels.alloc(baseRows * rowStride);
  const stride = symbolStride(length);
  const symbols = kernels.alloc(baseRows * stride);
  const salts = kernels.alloc(length * HASH_WORDS);
  const { words } = kernels;
  for (let j = 0; j < vector.length; j++) {
    const from = extIndex(vector.ptr, j);
    const to = rows / 4 + ROWS_PER_EXT * Math.floor(j / size) * rowStride + (j % size);
    for (let c = 0; c < EXT_WORDS; c++) words[to + c * rowStride] = words[from + 4 * c];
  }
  const twiddles = tables.levelTwiddles[number - 1];
  kernels.circleEncodeRows(symbols, stride, rows, rowStride, baseRows, size, logLength, twiddles);
  const columns = { numRows: baseRows, symbols, symbolStride: stride, salts };
  const label = opening.LEVEL_LABEL + number;
  return { ...hashColumns(kernels, tables, columns, length, label), rows, rowStride };
}

/** What a kernel left behind the end of a vector, in its last line, must not count where it is folded. */
export function clearLanes(kernels: KernelSet, { ptr, length }: Vector4): void {
  for (let i = length; i % 4 !== 0; i++) writeExt4(kernels.words, ptr, i, ZERO);
}

export function workAndDraw(
  kernels: KernelSet,
  transcript: Transcript,
  shape: { readonly queries: number; readonly logLength: number; readonly grindBits: number },
): { nonce: number; positions: number[] } {
  const nonce = grind(kernels, transcript.challengeBytes(opening.LABEL_GRIND, 32), shape.grindBits);
  transcript.absorbBytes(opening.LABEL_NONCE, wordsToBytes([nonce]));
  return { nonce, positions: opening.drawPositions(transcript, shape.queries, shape.logLength) };
}

/** eq(point, x) for all x, then zeros up to `capacity`, as ext4. */
export function eqTable4(
  kernels: KernelSet,
  point: readonly Ext[],
  capacity: number = 2 ** point.length,
): number {
  const ptr = kernels.alloc(extWords(capacity));
  const scalar = kernels.alloc(EXT_WORDS);
  writeExt4(kernels.words, ptr, 0, ONE);
  for (let i = point.length - 1; i >= 0; i--) {
    writeScalar(kernels.words, scalar, point[i]);
    kernels.eqExpand(ptr, ptr, 2 ** (point.length - 1 - i), scalar);
  }
  clearLanes(kernels, { ptr, length: 2 ** point.length });
  return ptr;
}
