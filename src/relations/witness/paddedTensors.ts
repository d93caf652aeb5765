/** Tensors of a run in kernel memory: residues mod p over the virtual index space, zero in the padding cells. */
import { forEachRealCell, realCells, totalBits } from "../../claims/axes.ts";
import { fromInteger } from "../../field/m31.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";

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
  forEachRealCell(axes, (real, virtual) => {
    words[base + virtual] = fromInteger(values[real]);
  });
  return { ptr, axes };
}
