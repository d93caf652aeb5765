import { elementCount } from "../tensor/shape.ts";
import { hullOf } from "./intRange.ts";
import type { Conv, IntFunction, IntRange, MatMul, Rescale, WindowSum } from "./program.ts";
import type { ProgramStructure } from "./programStructure.ts";
import { rescaleOutput } from "./rescaleValue.ts";

const ZERO: IntRange = { lo: 0, hi: 0 };

/** The range of x·w for x and w anywhere in their ranges. */
export function productRange(x: IntRange, w: IntRange): IntRange {
  const corners = [x.lo * w.lo, x.lo * w.hi, x.hi * w.lo, x.hi * w.hi];
  // + 0 turns a possible −0 into 0.
  return { lo: Math.min(...corners) + 0, hi: Math.max(...corners) + 0 };
}

/** The range of floor(n / d) for n and d anywhere in their ranges, d ≥ 1. */
export function quotientRange(n: IntRange, d: IntRange): IntRange {
  const quotient = (x: number, y: number): number => Math.floor(x / y);
  return {
    lo: Math.min(quotient(n.lo, d.lo), quotient(n.lo, d.hi)),
    hi: Math.max(quotient(n.hi, d.lo), quotient(n.hi, d.hi)),
  };
}

/**
 * The range of bias + Σ of `length` products, from the declared ranges alone. What it says holds for any weights in
 * their declared range, so a verifier that never sees the weights may rely on it. `bias` null: no bias.
 */
export function accumulatorRange(
  length: number,
  input: IntRange,
  weight: IntRange,
  bias: IntRange | null,
): IntRange {
  const product = productRange(input, weight);
  // + 0 turns a possible −0 into 0.
  return { lo: length * product.lo + (bias?.lo ?? 0) + 0, hi: length * product.hi + (bias?.hi ?? 0) + 0 };
}

/** `accumulatorRange` of an operator of the program. */
export function declaredAccumulatorRange(program: ProgramStructure, operator: MatMul): IntRange {
  const weight = program.constants[operator.weight];
  const bias = operator.bias === null ? null : program.constants[operator.bias].range;
  const input = program.tensors[operator.input].range;
  return accumulatorRange(weight.shape[1], input, weight.range, bias);
}

/** Whether a window of the operator can lie partly outside its input. */
export function isPadded(operator: Conv): boolean {
  return [...operator.padBegin, ...operator.padEnd].some((pad) => pad > 0);
}

/** `accumulatorRange` of a convolution: where it pads, each input may also be 0. */
export function convAccumulatorRange(program: ProgramStructure, operator: Conv): IntRange {
  const weight = program.constants[operator.weight];
  const bias = operator.bias === null ? null : program.constants[operator.bias].range;
  const input = program.tensors[operator.input].range;
  const read = isPadded(operator) ? hullOf([input, ZERO]) : input;
  return accumulatorRange(elementCount(weight.shape.slice(1)), read, weight.range, bias);
}

/** The range of offset + Σ factors[i] · x_i for x_i anywhere in ranges[i]. */
export function combinedRange(
  ranges: readonly IntRange[],
  factors: readonly number[],
  offset: number,
): IntRange {
  let lo = offset;
  let hi = offset;
  ranges.forEach((range, index) => {
    const product = productRange(range, { lo: factors[index], hi: factors[index] });
    lo += product.lo;
    hi += product.hi;
  });
  return { lo, hi };
}

/** The range of a window's sum: where it pads, each summand may also be 0. */
export function windowSumRange(program: ProgramStructure, operator: WindowSum): IntRange {
  const { size, padBegin, padEnd } = operator;
  const { range } = program.tensors[operator.input];
  return productRange(padBegin + padEnd > 0 ? hullOf([range, ZERO]) : range, { lo: size, hi: size });
}

/** The range of a rescaled x in `input`, whichever multiplier it meets: all grow with x. */
export function rescaledRange(operator: Rescale, input: IntRange): IntRange {
  return hullOf(
    operator.multipliers.map((_, channel) => ({
      lo: rescaleOutput(operator, channel, input.lo),
      hi: rescaleOutput(operator, channel, input.hi),
    })),
  );
}

/** The least range that holds f(z) for every z in f's domain. */
export function functionRange(f: IntFunction): IntRange {
  if (f.map.kind === "clamp") {
    const { lo, hi } = f.map;
    const clamp = (z: number): number => Math.min(Math.max(z, lo), hi);
    return { lo: clamp(f.domain.lo), hi: clamp(f.domain.hi) };
  }
  let lo = f.map.values[0];
  let hi = lo;
  for (const value of f.map.values) {
    if (value < lo) lo = value;
    if (value > hi) hi = value;
  }
  return { lo, hi };
}
