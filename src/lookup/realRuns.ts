/** The real cells of a virtual index space as runs of neighbours (see claims/axes.ts). */
import { axisBits, realCells, totalBits } from "../claims/axes.ts";

/** Calls back with the real cells in [start, end) as [from, to) within rows, ascending. */
export function forEachRealRun(
  axes: readonly number[],
  visit: (from: number, to: number) => void,
  start = 0,
  end: number = 2 ** totalBits(axes),
): void {
  // An axis without padding continues the row before it.
  let split = axes.length - 1;
  while (split > 0 && axes[split] === 2 ** axisBits(axes[split])) split--;
  const inner = axes.slice(Math.max(0, split));
  const outer = axes.slice(0, Math.max(0, split));
  const length = realCells(inner);
  const stride = 2 ** totalBits(inner);
  const sizes = outer.map((axis) => 2 ** axisBits(axis));
  let row = Math.floor(start / stride);
  // Coordinates of the row along the outer axes.
  const index = sizes.map(() => 0);
  for (let i = outer.length - 1, rest = row; i >= 0; i--) {
    index[i] = rest % sizes[i];
    rest = Math.floor(rest / sizes[i]);
  }
  while (row * stride < end) {
    const padded = index.findIndex((at, i) => at >= outer[i]);
    if (padded < 0) {
      const from = Math.max(start, row * stride);
      const to = Math.min(end, row * stride + length);
      if (from < to) visit(from, to);
      // Neighbours along the last outer axis, without looking at the others again.
      const last = outer.length - 1;
      for (let left = last < 0 ? 0 : outer[last] - 1 - index[last]; left > 0; left--) {
        row++;
        const next = row * stride;
        if (next >= end) return;
        visit(next, Math.min(end, next + length));
      }
      if (last < 0) return;
      index[last] = outer[last];
    } else {
      if (padded === 0) return;
      index[padded - 1]++;
      index.fill(0, padded);
    }
    row = index.reduce((joint, at, i) => joint * sizes[i] + at, 0);
  }
}

/** The padding cells of [start, end), between and behind the runs. */
export function forEachGap(
  axes: readonly number[],
  visit: (from: number, to: number) => void,
  start = 0,
  end: number = 2 ** totalBits(axes),
): void {
  let at = start;
  forEachRealRun(
    axes,
    (from, to) => {
      if (from > at) visit(at, from);
      at = to;
    },
    start,
    end,
  );
  if (end > at) visit(at, end);
}
