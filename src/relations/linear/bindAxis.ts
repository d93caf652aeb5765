/**
 * One leading axis of a tensor bound to its weights. Axes are bound in turn, so that k × k windows cost k combinations of
 * the tensor and k² of what one axis less has left.
 */
import { add, EXT_WORDS, type Ext, equals, mul, ONE, ZERO } from "../../field/ext.ts";
import { type ExtVector, getExt, makeExtVector, setExt } from "../../field/extVector.ts";
import { extWords, readExt4, writeExt4 } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { AxisChoice } from "./leadAxes.ts";

/** Cells over F or, as ext4, over K, all of them times `factor`. */
export interface PartlyBound {
  readonly ptr: number;
  readonly isExt: boolean;
  readonly factor: Ext;
}

/** Σ weight · entry over the entries of the choice; an entry is `inner` cells. May take kernel memory. */
export function bindAxis(
  kernels: KernelSet,
  { ptr, isExt, factor }: PartlyBound,
  inner: number,
  { first, step, weights }: AxisChoice,
): PartlyBound {
  const rows = weights.length / EXT_WORDS;
  // Rows of K that are no whole lines are few: the last axes of tensors with a single channel.
  const isAligned = !isExt || inner % 4 === 0;
  const from = ptr + (isExt ? 16 : 4) * first * inner;
  if (rows === 1 && isAligned) return { ptr: from, isExt, factor: mul(factor, getExt(weights, 0)) };
  const scaled = times(weights, factor);
  const dst = kernels.allocUnset(extWords(inner));
  if (!isAligned) {
    for (let i = 0; i < inner; i++) {
      let sum = ZERO;
      for (let r = 0; r < rows; r++) {
        const cell = readExt4(kernels.words, ptr, (first + step * r) * inner + i);
        sum = add(sum, mul(getExt(scaled, r), cell));
      }
      writeExt4(kernels.words, dst, i, sum);
    }
  } else {
    const coefficients = kernels.allocUnset(scaled.length);
    kernels.words.set(scaled, coefficients / 4);
    if (isExt) kernels.combineExtRows(dst, from, step * inner, rows, coefficients, inner);
    else kernels.combineRows(dst, from, step * inner, rows, coefficients, inner);
  }
  return { ptr: dst, isExt: true, factor: ONE };
}

function times(weights: ExtVector, factor: Ext): ExtVector {
  if (equals(factor, ONE)) return weights;
  const scaled = makeExtVector(weights.length / EXT_WORDS);
  for (let r = 0; r < weights.length / EXT_WORDS; r++) setExt(scaled, r, mul(getExt(weights, r), factor));
  return scaled;
}
