/** Commits one tree of the stack: rows with their uniform cells, codewords, salted leaves, Merkle nodes. */
import { totalBits } from "../../claims/axes.ts";
import type { PlanTensorId, ProofPlan } from "../../claims/plan.ts";
import { circleTwiddles } from "../../code/circle.ts";
import { bytesToWords, wordsToBytes } from "../../hash/blake3.ts";
import { LEAF_KEY, NODE_KEY } from "../../hash/merkle.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { TREE_LABEL } from "../opening.ts";
import { rowLength, type StackLayout, type StackTree, tensorRows } from "../stackLayout.ts";
import type { SecretStream } from "./secretStream.ts";

const HASH_WORDS = 8;

/** Pointers into kernel memory; valid until the caller releases it. */
export interface CommittedTree {
  readonly tree: StackTree;
  /** Coefficients, `rowStride` words per row. */
  readonly rows: number;
  readonly rowStride: number;
  /** Codewords, `symbolStride` words per row. */
  readonly symbols: number;
  readonly symbolStride: number;
  readonly salts: number;
  /** Hashes by level, leaves first, root last. */
  readonly levels: readonly number[];
  readonly root: Uint8Array;
}

/** Constant tables of the code and the hash keys, loaded once per kernel memory. */
export interface CommitmentTables {
  readonly twiddles: number;
  readonly leafKey: number;
  readonly nodeKey: number;
}

export function loadTables(kernels: KernelSet, logLength: number): CommitmentTables {
  const load = (words: Uint32Array): number => {
    const ptr = kernels.alloc(words.length);
    kernels.words.set(words, ptr / 4);
    return ptr;
  };
  return {
    twiddles: load(circleTwiddles(logLength)),
    leafKey: load(bytesToWords(LEAF_KEY)),
    nodeKey: load(bytesToWords(NODE_KEY)),
  };
}

export interface TreeInput {
  readonly plan: ProofPlan;
  readonly layout: StackLayout;
  readonly tree: StackTree;
  /** Values of a tensor over its virtual cells. */
  readonly tensor: (id: PlanTensorId) => number;
}

export function commitTree(
  kernels: KernelSet,
  tables: CommitmentTables,
  input: TreeInput,
  stream: SecretStream,
): CommittedTree {
  const { layout, tree } = input;
  const { logLength } = layout.parameters;
  const length = 2 ** logLength;
  const rowStride = Math.ceil(rowLength(layout.parameters) / 16) * 16;
  const rows = kernels.alloc(tree.numRows * rowStride);
  fillRows(kernels, input, stream, rows, rowStride);
  // A line of padding per row keeps the columns of many rows out of one cache set.
  const symbolStride = length + 16;
  const symbols = kernels.alloc(tree.numRows * symbolStride);
  kernels.circleEncodeRows(
    symbols,
    symbolStride,
    rows,
    rowStride,
    tree.numRows,
    rowLength(layout.parameters),
    logLength,
    tables.twiddles,
  );
  const salts = kernels.alloc(length * HASH_WORDS);
  stream.fillWords(salts, length * HASH_WORDS);
  const levels = [kernels.alloc(length * HASH_WORDS)];
  const label = TREE_LABEL[tree.name];
  kernels.merkleLeaves(levels[0], symbols, symbolStride, tree.numRows, length, salts, label, tables.leafKey);
  for (let count = length / 2; count >= 1; count /= 2) {
    const level = kernels.alloc(count * HASH_WORDS);
    kernels.merkleNodes(level, levels[levels.length - 1], count, tables.nodeKey);
    levels.push(level);
  }
  const top = levels[levels.length - 1] / 4;
  const root = wordsToBytes(kernels.words.subarray(top, top + HASH_WORDS));
  return { tree, rows, rowStride, symbols, symbolStride, salts, levels, root };
}

function fillRows(
  kernels: KernelSet,
  input: TreeInput,
  stream: SecretStream,
  rows: number,
  rowStride: number,
): void {
  const { plan, layout, tree } = input;
  const { logColumns } = layout.parameters;
  const size = 2 ** logColumns;
  const rowAt = (row: number): number => rows + 4 * rowStride * (row - tree.firstRow);
  const { words } = kernels;
  for (const [id, firstRow] of layout.tensorRow) {
    const { axes, holder } = plan.tensors[id];
    if (holder !== tree.name) continue;
    const source = input.tensor(id) / 4;
    const cells = Math.min(size, 2 ** totalBits(axes));
    tensorRows(axes, logColumns).forEach(({ key }, i) => {
      words.copyWithin(rowAt(firstRow + i) / 4, source + key * size, source + key * size + cells);
    });
  }
  const lastRow = tree.firstRow + tree.numRows;
  for (let row = tree.firstRow; row < lastRow; row++) {
    // Pads and masks are uniform everywhere; masks fill every slot that any tree's row can use.
    const isAdvice = tree.name === "advice";
    const isMask = isAdvice && row >= layout.firstMaskRow;
    const isPad = isAdvice && !isMask && row >= layout.firstPadRow;
    const from = isMask || isPad ? 0 : size;
    const to = isMask ? rowLength(layout.parameters) : size + tree.randomCells;
    stream.fillField(rowAt(row) + 4 * from, to - from);
  }
}
