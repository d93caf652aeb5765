import type { RangeKernel } from "../wasm/rangeKernels.ts";
import {
  ARGUMENTS,
  CHUNK,
  FOUND,
  GRANULE,
  KERNEL,
  KIND,
  NEXT,
  NUM_ARGUMENTS,
  PROGRESS,
  partialSumPtr,
  STEPS,
  TOTAL,
} from "./control.ts";
import { FIRST, LOWEST, SUM } from "./job.ts";

/** Works on the open job until no chunk is left. */
export function takeChunks(control: Int32Array, kernels: readonly RangeKernel[], thread: number): void {
  const kernel = kernels[control[KERNEL]];
  const kind = control[KIND];
  const total = control[TOTAL];
  const chunk = control[CHUNK];
  const granule = control[GRANULE];
  const numArguments = control[NUM_ARGUMENTS];
  const args = new Array<number>(numArguments + 1);
  for (;;) {
    const begin = Atomics.add(control, NEXT, chunk);
    // Past the end; the sum wraps if the end is near 2^31.
    if (begin >= total || begin < 0) return;
    if (kind === FIRST && begin > Atomics.load(control, FOUND)) return;
    for (let k = 0; k < numArguments; k++) {
      args[k] = control[ARGUMENTS + k] + (begin / granule) * control[STEPS + k];
    }
    if (kind === SUM) args[0] = partialSumPtr(thread);
    args[numArguments] = Math.min(chunk, total - begin);
    const result = kernel(...args);
    if ((kind === LOWEST || kind === FIRST) && result >= 0) lower(control, begin + result);
    Atomics.add(control, PROGRESS, 1);
  }
}

/** FOUND = min(FOUND, index). */
function lower(control: Int32Array, index: number): void {
  for (let seen = Atomics.load(control, FOUND); index < seen; ) {
    const before = Atomics.compareExchange(control, FOUND, seen, index);
    if (before === seen) return;
    seen = before;
  }
}
