/** The weights and biases of a linear layer as integers. */

import type { IntRange, ProgramConstant } from "../program/program.ts";
import type { LinearPart } from "./realProgram.ts";
import { rangeOfValues } from "./realRange.ts";

export const MIN_WEIGHT_BITS = 4;

/** [−(2^(bits−1) − 1), 2^(bits−1) − 1]. */
export function weightRange(bits: number): IntRange {
  const hi = 2 ** (bits - 1) - 1;
  return { lo: -hi, hi };
}

export function farthestFromZero(values: Float64Array | Float32Array): number {
  const { lo, hi } = rangeOfValues(values);
  return Math.max(-lo, hi);
}

/** The fewest bits that hold all weights at this scale. */
export function neededBits(part: LinearPart, scale: number): number {
  const farthest = Math.round(farthestFromZero(part.weight) / scale);
  let bits = MIN_WEIGHT_BITS;
  while (weightRange(bits).hi < farthest) bits++;
  return bits;
}

/** Rounds weights to multiples of `scale`. */
export function integerWeight(part: LinearPart, scale: number, bits: number): ProgramConstant {
  const range = weightRange(bits);
  const data = Int32Array.from(part.weight, (w) =>
    Math.min(Math.max(Math.round(w / scale), range.lo), range.hi),
  );
  return { name: part.weightName, shape: part.weightShape, range, quant: { scale, zeroPoint: 0 }, data };
}

/** The smallest [−2^b, 2^b − 1] that holds all integers: the exact bounds of a secret bias stay secret. */
function biasRange(data: Float64Array): IntRange {
  const { lo, hi } = rangeOfValues(data);
  let bound = 1;
  while (bound < -lo || bound - 1 < hi) bound *= 2;
  return { lo: -bound, hi: bound - 1 };
}

/** Rounds biases to multiples of `scale`. */
export function integerBias(name: string, bias: Float64Array, scale: number): ProgramConstant {
  const rounded = bias.map((value) => Math.round(value / scale));
  return {
    name,
    shape: [bias.length],
    range: biasRange(rounded),
    quant: { scale, zeroPoint: 0 },
    data: Int32Array.from(rounded),
  };
}
