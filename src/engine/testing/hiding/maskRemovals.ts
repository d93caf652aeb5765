/** Provers that lack one mask each, as changes of the uniform cells that the honest prover draws. */
import type { TreeName } from "../../../claims/plan.ts";
import { ROWS_PER_EXT, type StackLayout } from "../../../commitment/stackLayout.ts";
import { type CellChange, type Mutation, maskOf, padOf } from "./maskMutation.ts";

const MASK_NAMES = ["G1", "G2", "H"] as const;

/** Pad cells behind the last pad are uniform too, but a proof has them by chance: without them no mask is covered up. */
export function withoutSparePads(numPads: number, removal: CellChange = () => null): Mutation {
  return {
    cell: (row, column, layout) => {
      const pad = padOf(layout, row, column);
      return pad !== null && pad >= numPads ? 0 : removal(row, column, layout);
    },
  };
}

/** One of the three masks of the opening, whole or all but its first coordinate. */
export function withoutMask(name: (typeof MASK_NAMES)[number], firstCoordinate = 0): CellChange {
  return (row, _, layout) => {
    const mask = maskOf(layout, row);
    return mask !== null && MASK_NAMES[mask.mask] === name && mask.coordinate >= firstCoordinate ? 0 : null;
  };
}

/** The uniform cells from the `kept`-th on in the rows of a tree's tensors. */
export function withoutCells(name: TreeName, kept = 0): CellChange {
  return (row, column, layout) => {
    const tree = layout.trees.find((candidate) => candidate.name === name);
    if (tree === undefined) throw new RangeError(`no ${name} tree`);
    const lastRow = name === "advice" ? layout.firstPadRow : tree.firstRow + tree.numRows;
    return row >= tree.firstRow && row < lastRow && column >= size(layout) + kept ? 0 : null;
  };
}

/** The uniform cells from the `kept`-th on in the rows of pads. */
export function withoutPadCells(kept = 0): CellChange {
  return (row, column, layout) => {
    const isPad = row >= layout.firstPadRow && row < layout.firstMaskRow;
    return isPad && column >= size(layout) + kept ? 0 : null;
  };
}

/** The cells of the masks that only rows longer than those of advice need. */
export function withoutLongMasks(): CellChange {
  return (row, column, layout) => {
    const short = size(layout) + layout.trees[layout.trees.length - 1].randomCells;
    return row >= layout.firstMaskRow && column >= short ? 0 : null;
  };
}

/** One pad: zero, or one where zero would stop the prover. */
export function withoutPad(index: number, value: 0 | 1 = 0): CellChange {
  return (row, column, layout) => {
    if (padOf(layout, row, column) !== index) return null;
    return (row - layout.firstPadRow) % ROWS_PER_EXT === 0 ? value : 0;
  };
}

function size({ parameters }: StackLayout): number {
  return 2 ** parameters.logColumns;
}
