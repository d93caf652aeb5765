/** The Merkle tree over the columns of a matrix of codewords, and the parts of it that open some of them. */
import { missingSiblings } from "../../hash/merkle.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";

export const HASH_WORDS = 8;

/** Of leaves and nodes, in kernel memory. */
export interface HashKeys {
  readonly leafKey: number;
  readonly nodeKey: number;
}

/** Codewords by row and the tree over their columns. Pointers into kernel memory, valid until the caller releases it. */
export interface ColumnTree {
  readonly numRows: number;
  readonly symbols: number;
  /** Words from one row to the next. */
  readonly symbolStride: number;
  /** One for each column. */
  readonly salts: number;
  /** Hashes by level, leaves first, root last. */
  readonly levels: readonly number[];
}

/** A line of padding per row keeps the columns of many rows out of one cache set. */
export function symbolStride(length: number): number {
  return length + 16;
}

/** Hashes `length` columns, a power of two and at least 4. */
export function hashColumns(
  kernels: KernelSet,
  keys: HashKeys,
  columns: Omit<ColumnTree, "levels">,
  length: number,
  label: number,
): ColumnTree {
  const { symbols, numRows, salts } = columns;
  const levels = [kernels.alloc(length * HASH_WORDS)];
  kernels.merkleLeaves(levels[0], symbols, columns.symbolStride, numRows, length, salts, label, keys.leafKey);
  for (let count = length / 2; count >= 1; count /= 2) {
    const level = kernels.alloc(count * HASH_WORDS);
    kernels.merkleNodes(level, levels[levels.length - 1], count, keys.nodeKey);
    levels.push(level);
  }
  return { ...columns, levels };
}

export function rootOf(kernels: KernelSet, { levels }: ColumnTree): Uint8Array {
  return hashAt(kernels, levels[levels.length - 1], 0);
}

export function hashAt(kernels: KernelSet, ptr: number, index: number): Uint8Array {
  // Kernel memory is little-endian everywhere, and so are hashes: one copy, also out of shared memory.
  return new Uint8Array(kernels.words.buffer, ptr + 4 * HASH_WORDS * index, 4 * HASH_WORDS).slice();
}

/** Columns position by position, and the hashes that the verifier cannot compute. */
export function openColumns(
  kernels: KernelSet,
  tree: ColumnTree,
  positions: readonly number[],
): { columns: Uint32Array; path: Uint8Array[] } {
  const { words } = kernels;
  const { numRows, symbols, levels } = tree;
  const columns = new Uint32Array(positions.length * numRows);
  positions.forEach((position, i) => {
    let at = symbols / 4 + position;
    for (let row = 0; row < numRows; row++, at += tree.symbolStride) columns[i * numRows + row] = words[at];
  });
  const path = missingSiblings(positions, levels.length - 1).flatMap((missing, level) =>
    missing.map((index) => hashAt(kernels, levels[level], index)),
  );
  return { columns, path };
}
