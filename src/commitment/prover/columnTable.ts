/** All D entries of a public vector over the columns, in kernel memory. */
import { EXT_WORDS, ONE, ZERO } from "../../field/ext.ts";
import { extWords, readExt4, writeExt4, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { ColumnVector, EqFactor } from "../columnVector.ts";

/** An ext4 array of 2^logColumns elements. */
export function columnTable(kernels: KernelSet, vector: ColumnVector, logColumns: number): number {
  const ptr = kernels.alloc(extWords(2 ** logColumns));
  if (vector.kind === "sparse") {
    for (const [column, value] of vector.entries) writeExt4(kernels.words, ptr, column, value);
    return ptr;
  }
  // Coordinates come in front of those that are there, so the last factor is first. Everything behind the table is zero.
  const mark = kernels.mark();
  const scalar = kernels.alloc(EXT_WORDS);
  writeExt4(kernels.words, ptr, 0, ONE);
  let length = 1;
  for (let i = vector.factors.length - 1; i >= 0; i--) {
    length = prependFactor(kernels, ptr, length, vector.factors[i], scalar);
  }
  clearElements(kernels, ptr, length, Math.ceil(length / 4) * 4);
  if (vector.block > 0) moveElements(kernels, ptr, length, vector.block * length);
  kernels.release(mark);
  return ptr;
}

/** Elements [0, length) move to [to, to + length), to ≥ length, and zeros take their places. */
function moveElements(kernels: KernelSet, ptr: number, length: number, to: number): void {
  const { words } = kernels;
  if (length % 4 === 0) words.copyWithin(ptr / 4 + 4 * to, ptr / 4, ptr / 4 + 4 * length);
  else for (let i = 0; i < length; i++) writeExt4(words, ptr, to + i, readExt4(words, ptr, i));
  clearElements(kernels, ptr, 0, length);
}

/** The table of the factor's restricted eq vector times the first `length` elements, in place; its length. */
function prependFactor(
  kernels: KernelSet,
  ptr: number,
  length: number,
  { point, limit }: EqFactor,
  scalar: number,
): number {
  let size = length;
  for (let i = point.length - 1; i >= 0; i--) {
    writeScalar(kernels.words, scalar, point[i]);
    kernels.eqExpand(ptr, ptr, size, scalar);
    size *= 2;
  }
  clearElements(kernels, ptr, limit * length, size);
  return size;
}

/** Elements [from, to) become zero: whole lines at once, the ends one by one. */
function clearElements(kernels: KernelSet, ptr: number, from: number, to: number): void {
  const { words } = kernels;
  const firstLine = Math.min(to, Math.ceil(from / 4) * 4);
  const endOfLines = Math.max(firstLine, Math.floor(to / 4) * 4);
  for (let at = from; at < firstLine; at++) writeExt4(words, ptr, at, ZERO);
  words.fill(0, ptr / 4 + 4 * firstLine, ptr / 4 + 4 * endOfLines);
  for (let at = endOfLines; at < to; at++) writeExt4(words, ptr, at, ZERO);
}
