import type { IntFunction, IntRange, MatMul } from "./program.ts";
import type { ProgramStructure } from "./programStructure.ts";

/** The range of x·w for x and w anywhere in their ranges. */
function productRange(x: IntRange, w: IntRange): IntRange {
  const corners = [x.lo * w.lo, x.lo * w.hi, x.hi * w.lo, x.hi * w.hi];
  return { lo: Math.min(...corners), hi: Math.max(...corners) };
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
