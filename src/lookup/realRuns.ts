/** The real cells of a virtual index space as runs of neighbours (see claims/axes.ts). */
import { axisBits, realCells, totalBits } from "../claims/axes.ts";

/** Calls back with maximal [from, to) within rows, ascending. */
export function forEachRealRun(axes: readonly number[], visit: (from: number, to: number) => void): void {
  // An axis without padding continues the row before it.
  let split = axes.length - 1;
  while (split > 0 && axes[split] === 2 ** axisBits(axes[split])) split--;
  const inner = axes.slice(Math.max(0, split));
  const outer = axes.slice(0, Math.max(0, split));
  const length = realCells(inner);
  const stride = 2 ** totalBits(inner);
  const index = outer.map(() => 0);
  for (let row = realCells(outer); row > 0; row--) {
    let base = 0;
    for (let i = 0; i < outer.length; i++) base = base * 2 ** axisBits(outer[i]) + index[i];
    visit(base * stride, base * stride + length);
    for (let i = outer.length - 1; i >= 0; i--) {
      if (++index[i] < outer[i]) break;
      index[i] = 0;
    }
  }
}

/** The padding cells between and behind the runs. */
export function forEachGap(axes: readonly number[], visit: (from: number, to: number) => void): void {
  let at = 0;
  forEachRealRun(axes, (from, to) => {
    if (from > at) visit(at, from);
    at = to;
  });
  const size = 2 ** totalBits(axes);
  if (size > at) visit(at, size);
}
