/**
 * Which row of the stacked matrix holds what. Rows of all trees are stacked in the order of `TREES`. A tensor's virtual
 * index splits into row key (high bits) and column (low logColumns bits); rows with at least one real cell are stored in
 * key order. Within a tree, tensors of at least D virtual cells come first, in plan order, each from a new row on. Smaller
 * ones share the rows behind, the largest first, so that each lies at a multiple of its size. The advice tree ends with
 * the rows of pads and of masks, each element of K in four rows over F.
 */
import { axisBits, totalBits } from "../claims/axes.ts";
import { type PlanTensor, type PlanTensorId, type ProofPlan, TREES, type TreeName } from "../claims/plan.ts";
import { type CommitmentParameters, maxRandomCells, randomCells } from "./parameters.ts";

/** A stored row of a tensor: its key and how many positions of the cut axis are real in it. */
export interface TensorRow {
  readonly key: number;
  readonly limit: number;
}

export interface StackTree {
  readonly name: TreeName;
  readonly firstRow: number;
  readonly numRows: number;
  /** Uniform cells in slots D … D + t − 1 of its tensor and pad rows. */
  readonly randomCells: number;
}

/** Extension-valued mask rows: two that hide the column sumcheck and the row combination, one that hides the proximity test. */
export const NUM_MASKS = 3;
export const ROWS_PER_EXT = 4;

export interface StackLayout {
  readonly parameters: CommitmentParameters;
  readonly trees: readonly StackTree[];
  /** First row of each committed tensor. */
  readonly tensorRow: ReadonlyMap<PlanTensorId, number>;
  /** Column of its first cell; not 0 only where it shares a row. */
  readonly tensorColumn: ReadonlyMap<PlanTensorId, number>;
  readonly firstPadRow: number;
  /** Rows of K of pads. */
  readonly numPadRows: number;
  readonly firstMaskRow: number;
  readonly numRows: number;
}

/** How an axis list splits at the boundary between row key and column. */
export interface AxisCut {
  /** Axes wholly in the key. */
  readonly outer: readonly number[];
  /** Length of the axis that the boundary cuts, with its bits in the key and in the column; null if none is cut. */
  readonly cut: { readonly length: number; readonly keyBits: number; readonly columnBits: number } | null;
  /** Axes wholly in the column. */
  readonly inner: readonly number[];
}

export function cutAxes(axes: readonly number[], logColumns: number): AxisCut {
  let remaining = logColumns;
  for (let i = axes.length - 1; i >= 0; i--) {
    const bits = axisBits(axes[i]);
    if (bits > remaining) {
      const cut = { length: axes[i], keyBits: bits - remaining, columnBits: remaining };
      return { outer: axes.slice(0, i), cut, inner: axes.slice(i + 1) };
    }
    remaining -= bits;
  }
  return { outer: [], cut: null, inner: axes };
}

/** Stored rows of a tensor, in key order; one that shares a row has the single key 0. */
export function tensorRows(axes: readonly number[], logColumns: number): TensorRow[] {
  const { outer, cut } = cutAxes(axes, logColumns);
  if (cut === null) return [{ key: 0, limit: 1 }];
  const size = 2 ** cut.columnBits;
  const perOuter = Math.ceil(cut.length / size);
  const rows: TensorRow[] = [];
  const visit = (axis: number, prefix: number): void => {
    if (axis < outer.length) {
      for (let i = 0; i < outer[axis]; i++) visit(axis + 1, prefix * 2 ** axisBits(outer[axis]) + i);
      return;
    }
    for (let i = 0; i < perOuter; i++) {
      rows.push({ key: prefix * 2 ** cut.keyBits + i, limit: Math.min(size, cut.length - i * size) });
    }
  };
  visit(0, 0);
  return rows;
}

/** Number of stored rows without listing them. */
export function countTensorRows(axes: readonly number[], logColumns: number): number {
  const { outer, cut } = cutAxes(axes, logColumns);
  if (cut === null) return 1;
  return outer.reduce((product, length) => product * length, Math.ceil(cut.length / 2 ** cut.columnBits));
}

/** Rows of all tensors of a tree, without listing them. */
export function rowsOf(tensors: readonly PlanTensor[], holder: TreeName, logColumns: number): number {
  let rows = 0;
  let sharedCells = 0;
  for (const { axes, holder: own } of tensors) {
    if (own !== holder) continue;
    if (sharesRow(axes, logColumns)) sharedCells += 2 ** totalBits(axes);
    else rows += countTensorRows(axes, logColumns);
  }
  return rows + Math.ceil(sharedCells / 2 ** logColumns);
}

function sharesRow(axes: readonly number[], logColumns: number): boolean {
  return totalBits(axes) < logColumns;
}

export function padRows(numPads: number, logColumns: number): number {
  return Math.ceil(numPads / 2 ** logColumns);
}

export function layoutStack(plan: ProofPlan, numPads: number, parameters: CommitmentParameters): StackLayout {
  const { logColumns } = parameters;
  const size = 2 ** logColumns;
  const tensorRow = new Map<PlanTensorId, number>();
  const tensorColumn = new Map<PlanTensorId, number>();
  const trees: StackTree[] = [];
  const uses = {
    parent: parameters.weightUses,
    weights: parameters.weightUses,
    input: parameters.dataUses,
    output: parameters.dataUses,
    advice: 1,
  };
  const numPadRows = padRows(numPads, logColumns);
  let row = 0;
  let firstPadRow = 0;
  for (const name of TREES) {
    const firstRow = row;
    const sharing: { id: PlanTensorId; cells: number }[] = [];
    plan.tensors.forEach(({ holder, axes }, id) => {
      if (holder !== name) return;
      if (sharesRow(axes, logColumns)) {
        sharing.push({ id, cells: 2 ** totalBits(axes) });
        return;
      }
      tensorRow.set(id, row);
      tensorColumn.set(id, 0);
      row += countTensorRows(axes, logColumns);
    });
    // The sort is stable: equals stay in plan order.
    sharing.sort((a, b) => b.cells - a.cells);
    let at = row * size;
    for (const { id, cells } of sharing) {
      tensorRow.set(id, Math.floor(at / size));
      tensorColumn.set(id, at % size);
      at += cells;
    }
    row = Math.ceil(at / size);
    if (name === "advice") {
      firstPadRow = row;
      row += ROWS_PER_EXT * (numPadRows + NUM_MASKS);
    }
    if (row > firstRow)
      trees.push({
        name,
        firstRow,
        numRows: row - firstRow,
        randomCells: randomCells(parameters, uses[name]),
      });
  }
  const firstMaskRow = firstPadRow + ROWS_PER_EXT * numPadRows;
  return { parameters, trees, tensorRow, tensorColumn, firstPadRow, numPadRows, firstMaskRow, numRows: row };
}

/** Coefficients of every row, data and uniform cells. */
export function rowLength(parameters: CommitmentParameters): number {
  return 2 ** parameters.logColumns + maxRandomCells(parameters);
}

/** Coordinates of the key and of the column of a tensor's point. */
export function splitAtColumn(
  axes: readonly number[],
  logColumns: number,
): { keyBits: number; columnBits: number } {
  const bits = totalBits(axes);
  return { keyBits: Math.max(0, bits - logColumns), columnBits: Math.min(bits, logColumns) };
}
