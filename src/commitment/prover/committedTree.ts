/** Commits one tree of the stack: rows with their uniform cells, codewords, salted leaves, Merkle nodes. */
import { totalBits } from "../../claims/axes.ts";
import type { PlanTensorId, ProofPlan } from "../../claims/plan.ts";
import { circleTwiddles } from "../../code/circle.ts";
import { bytesToWords } from "../../hash/blake3.ts";
import { LEAF_KEY, NODE_KEY } from "../../hash/merkle.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { TREE_LABEL } from "../opening.ts";
import type { CommitmentParameters } from "../parameters.ts";
import { rowLength, type StackLayout, type StackTree, tensorRows } from "../stackLayout.ts";
import {
  type ColumnTree,
  HASH_WORDS,
  type HashKeys,
  hashColumns,
  rootOf,
  symbolStride,
} from "./merkleTree.ts";
import type { SecretStream } from "./secretStream.ts";

/** Pointers into kernel memory; valid until the caller releases it. */
export interface CommittedTree extends ColumnTree {
  readonly tree: StackTree;
  /** Coefficients, `rowStride` words per row. */
  readonly rows: number;
  readonly rowStride: number;
  readonly root: Uint8Array;
}

/** Constant tables of the codes and the hash keys, loaded once per kernel memory. */
export interface CommitmentTables extends HashKeys {
  readonly twiddles: number;
  /** Of each level of recursion. */
  readonly levelTwiddles: readonly number[];
}

export function loadTables(kernels: KernelSet, parameters: CommitmentParameters): CommitmentTables {
  const load = (words: Uint32Array): number => {
    const ptr = kernels.alloc(words.length);
    kernels.words.set(words, ptr / 4);
    return ptr;
  };
  return {
    twiddles: load(circleTwiddles(parameters.logLength)),
    levelTwiddles: parameters.levels.map(({ logLength }) => load(circleTwiddles(logLength))),
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
  const stride = symbolStride(length);
  const symbols = kernels.alloc(tree.numRows * stride);
  kernels.circleEncodeRows(
    symbols,
    stride,
    rows,
    rowStride,
    tree.numRows,
    rowLength(layout.parameters),
    logLength,
    tables.twiddles,
  );
  const salts = kernels.alloc(length * HASH_WORDS);
  stream.fillWords(salts, length * HASH_WORDS);
  const columns = { numRows: tree.numRows, symbols, symbolStride: stride, salts };
  const hashed = hashColumns(kernels, tables, columns, length, TREE_LABEL[tree.name]);
  return { ...hashed, tree, rows, rowStride, root: rootOf(kernels, hashed) };
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
    const column = layout.tensorColumn.get(id) as number;
    const cells = Math.min(size, 2 ** totalBits(axes));
    tensorRows(axes, logColumns).forEach(({ key }, i) => {
      words.copyWithin(rowAt(firstRow + i) / 4 + column, source + key * size, source + key * size + cells);
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
