/**
 * The stack of rows that the trees commit to: docs/spec/05-code-commitment.md, 5.1 and 5.4 to 5.7.
 */
import { bits, bitsOfAxes } from "./multilinear.ts";
import type { Parameters } from "./parameters.ts";

/** Trees in the order of the stack. */
export const TREES = ["parent", "weights", "input", "output", "advice"] as const;
export type TreeName = (typeof TREES)[number];

/** Labels of their leaves: 02, 2.3. */
export const TREE_LABELS: Readonly<Record<TreeName, number>> = {
  parent: 1,
  weights: 1,
  input: 2,
  output: 2,
  advice: 4,
};

/** How a tensor's axes are divided between the row key and the column. */
export interface RowShape {
  readonly outerAxes: readonly number[];
  /** The axis that the boundary cuts, if any. */
  readonly cut:
    | { readonly length: number; readonly columnBits: number; readonly keyBits: number }
    | undefined;
  readonly innerAxes: readonly number[];
  readonly numRows: number;
}

export interface StoredRow {
  readonly key: number;
  /** Real positions of the cut axis in this row; 1 without cut axis. */
  readonly limit: number;
}

export interface PlacedTensor {
  /** Index of the tensor in the plan. */
  readonly tensor: number;
  readonly shape: RowShape;
  readonly firstRow: number;
  /** Where its columns begin; 0 but for tensors that share a row. */
  readonly firstColumn: number;
}

export interface Tree {
  readonly name: TreeName;
  readonly label: number;
  readonly numRows: number;
}

export interface Stack {
  readonly tensors: readonly PlacedTensor[];
  /** Trees that exist. */
  readonly trees: readonly Tree[];
  readonly firstPadRow: number;
  /** R: pad rows over K. */
  readonly padRows: number;
  readonly firstMaskRow: number;
  /** N */
  readonly numRows: number;
}

interface TensorToPlace {
  readonly axes: readonly number[];
  readonly holder: TreeName | "public";
}

const MASK_ROWS = 3;

/** The stack of a plan's tensors. Rows are counted, not listed. Tensors of fewer than D virtual cells share rows (5.5). */
export function makeStack(tensors: readonly TensorToPlace[], numPads: number, parameters: Parameters): Stack {
  const d = parameters.logColumns;
  const placed: PlacedTensor[] = [];
  const trees: Tree[] = [];
  const padRows = Math.ceil(numPads / 2 ** d);
  let numRows = 0;
  let firstPadRow = 0;
  for (const name of TREES) {
    const firstOfTree = numRows;
    const held = [...tensors.entries()].filter(([, { holder }]) => holder === name);
    for (const [tensor, { axes }] of held.filter(([, { axes }]) => bitsOfAxes(axes) >= d)) {
      const shape = rowShape(axes, d);
      placed.push({ tensor, shape, firstRow: numRows, firstColumn: 0 });
      numRows += shape.numRows;
    }
    const sharing = held.filter(([, { axes }]) => bitsOfAxes(axes) < d);
    sharing.sort(([, a], [, b]) => bitsOfAxes(b.axes) - bitsOfAxes(a.axes));
    let cells = 0;
    for (const [tensor, { axes }] of sharing) {
      const firstRow = numRows + Math.floor(cells / 2 ** d);
      placed.push({ tensor, shape: rowShape(axes, d), firstRow, firstColumn: cells % 2 ** d });
      cells += 2 ** bitsOfAxes(axes);
    }
    numRows += Math.ceil(cells / 2 ** d);
    if (name === "advice") {
      firstPadRow = numRows;
      numRows += 4 * (padRows + MASK_ROWS);
    }
    if (numRows > firstOfTree) trees.push({ name, label: TREE_LABELS[name], numRows: numRows - firstOfTree });
  }
  return {
    tensors: placed,
    trees,
    firstPadRow,
    padRows,
    firstMaskRow: firstPadRow + 4 * padRows,
    numRows,
  };
}

/** 5.5: from the last axis to the first, `left` column bits being free. */
export function rowShape(axes: readonly number[], d: number): RowShape {
  let left = d;
  let axis = axes.length - 1;
  while (axis >= 0 && bits(axes[axis]!) <= left) {
    left -= bits(axes[axis]!);
    axis--;
  }
  const innerAxes = axes.slice(axis + 1);
  if (axis < 0) return { outerAxes: [], cut: undefined, innerAxes, numRows: 1 };
  const length = axes[axis]!;
  const outerAxes = axes.slice(0, axis);
  const outerCells = outerAxes.reduce((cells, outer) => cells * outer, 1);
  const cut = { length, columnBits: left, keyBits: bits(length) - left };
  return { outerAxes, cut, innerAxes, numRows: outerCells * Math.ceil(length / 2 ** left) };
}

/** The stored rows of a tensor in order. */
export function storedRows(shape: RowShape): StoredRow[] {
  const { cut, outerAxes } = shape;
  if (cut === undefined) return [{ key: 0, limit: 1 }];
  let outerKeys = [0];
  for (const length of outerAxes) {
    outerKeys = outerKeys.flatMap((key) =>
      Array.from({ length }, (_, index) => key * 2 ** bits(length) + index),
    );
  }
  const width = 2 ** cut.columnBits;
  return outerKeys.flatMap((outerKey) =>
    Array.from({ length: Math.ceil(cut.length / width) }, (_, i) => ({
      key: outerKey * 2 ** cut.keyBits + i,
      limit: Math.min(width, cut.length - i * width),
    })),
  );
}

/** Coordinates of a tensor's point that belong to the key. */
export function keyLength(axes: readonly number[], d: number): number {
  return Math.max(0, bitsOfAxes(axes) - d);
}
