/**
 * Windows along an axis: docs/spec/11-plan.md, 11.6, conv and windowSum.
 */
import type { Pair, Relation } from "./planAxes.ts";
import type { SpatialAxis } from "./program.ts";
import { windows } from "./programConvRule.ts";

/** Entry `at` is read in window o at kernel place k; without kernel places the windows are summed. */
export function windowPairs(
  axis: SpatialAxis,
  length: number,
  size: number,
  hasKernelAxis: boolean,
): Relation {
  const numWindows = windows(axis, length, size, "window");
  const pairs: Pair[] = [];
  for (let o = 0; o < numWindows; o++) {
    for (let k = 0; k < size; k++) {
      const old = axis.stride * o + axis.dilation * k - axis.padBegin;
      if (old >= 0 && old < length) pairs.push({ old, at: hasKernelAxis ? [o, k] : [o] });
    }
  }
  return { lengths: hasKernelAxis ? [numWindows, size] : [numWindows], pairs };
}
