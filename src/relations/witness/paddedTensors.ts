/** Tensors of a run in kernel memory: residues mod p over the virtual index space, zero in the padding cells. */
import { realCells, totalBits } from "../../claims/axes.ts";
import { fromInteger, P } from "../../field/m31.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { forEachRealRun } from "../../lookup/realRuns.ts";

export interface PaddedTensor {
  readonly ptr: number;
  readonly axes: readonly number[];
}

export function storeTensor(
  kernels: KernelSet,
  axes: readonly number[],
  values: ArrayLike<number>,
): PaddedTensor {
  if (values.length !== realCells(axes)) throw new RangeError(`${values.length} values for axes [${axes}]`);
  const ptr = kernels.alloc(2 ** totalBits(axes));
  const words = kernels.words;
  const base = ptr / 4;
  let real = 0;
  forEachRealRun(axes, (from, to) => {
    if (values instanceof Int32Array) storeIntegers(words, base + from, values, real, to - from);
    else storeResidues(words, base + from, values, real, to - from);
    real += to - from;
  });
  return { ptr, axes };
}

/** The same as below for the usual kind of array: one loop for all kinds would be slow for each. */
function storeIntegers(
  words: Uint32Array,
  to: number,
  values: Int32Array,
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const value = values[from + i];
    // A division for each cell would cost more than all the rest.
    if (value >= 0 && value < P) words[to + i] = value;
    else words[to + i] = value < 0 && value > -P ? value + P : fromInteger(value);
  }
}

function storeResidues(
  words: Uint32Array,
  to: number,
  values: ArrayLike<number>,
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) words[to + i] = fromInteger(values[from + i]);
}
