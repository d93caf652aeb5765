/** The real cells of a virtual index space as runs of neighbours (see claims/axes.ts). */
import { axisBits, realCells, totalBits } from "../claims/axes.ts";

/** Calls back with the real cells as [from, to) within rows, ascending. */
export function forEachRealRun(axes: readonly number[], visit: (from: number, to: number) => void): void {
  // An axis without padding continues the row before it.
  let split = axes.length - 1;
  while (split > 0 && axes[split] === 2 ** axisBits(axes[split])) split--;
  const inner = axes.slice(Math.max(0, split));
  const outer = axes.slice(0, Math.max(0, split));
  const length = realCells(inner);
  const stride = 2 ** totalBits(inner);
  const sizes = outer.map((axis) => 2 ** axisBits(axis));
  const numRows = 2 ** totalBits(outer);
  let row = 0;
  // Coordinates of the row along the outer axes.
  const index = sizes.map(() => 0);
  while (row < numRows) {
    const padded = index.findIndex((at, i) => at >= outer[i]);
    if (padded < 0) {
      visit(row * stride, row * stride + length);
      // Neighbours along the last outer axis, without looking at the others again.
      const last = outer.length - 1;
      if (last < 0) return;
      for (let left = outer[last] - 1 - index[last]; left > 0; left--) {
        row++;
        visit(row * stride, row * stride + length);
      }
      index[last] = outer[last];
    } else {
      if (padded === 0) return;
      index[padded - 1]++;
      index.fill(0, padded);
    }
    row = index.reduce((joint, at, i) => joint * sizes[i] + at, 0);
  }
}
