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
  const bits = outer.map(axisBits);
  const isReal = (row: number): boolean => {
    let rest = row;
    for (let i = outer.length - 1; i >= 0; i--) {
      const size = 2 ** bits[i];
      if (rest % size >= outer[i]) return false;
      rest = Math.floor(rest / size);
    }
    return true;
  };
  for (let row = Math.floor(start / stride); row * stride < end; row++) {
    if (!isReal(row)) continue;
    const from = Math.max(start, row * stride);
    const to = Math.min(end, row * stride + length);
    if (from < to) visit(from, to);
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
