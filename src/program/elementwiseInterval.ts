import { combinedRange, productRange, quotientRange } from "./declaredRanges.ts";
import { commonPeriod, type Interval, repeatInterval } from "./interval.ts";
import type { IntRange, Rescale } from "./program.ts";
import { rescaleOutput } from "./rescaleValue.ts";

/** Bounds of an operator that computes each element from those at the same place. */
export function elementwiseInterval(
  inputs: readonly Interval[],
  outputRange: (ranges: readonly IntRange[], at: number) => IntRange,
): Interval {
  const period = inputs.map((input) => input.lo.length).reduce(commonPeriod);
  const repeated = inputs.map((input) => repeatInterval(input, period));
  const lo = new Float64Array(period);
  const hi = new Float64Array(period);
  for (let j = 0; j < period; j++) {
    const range = outputRange(
      repeated.map((input) => ({ lo: input.lo[j], hi: input.hi[j] })),
      j,
    );
    lo[j] = range.lo;
    hi[j] = range.hi;
  }
  return { lo, hi };
}

/** Bounds of offset + Σ factors[i] · inputs[i]. */
export function combineInterval(
  inputs: readonly Interval[],
  factors: readonly number[],
  offset: number,
): Interval {
  return elementwiseInterval(inputs, (ranges) => combinedRange(ranges, factors, offset));
}

/** Bounds of left · right, taken for independent. */
export function multiplyInterval(left: Interval, right: Interval): Interval {
  return elementwiseInterval([left, right], ([x, y]) => productRange(x, y));
}

/** Bounds of floor(numerator / denominator), taken for independent; denominator ≥ 1. */
export function divideInterval(numerator: Interval, denominator: Interval): Interval {
  return elementwiseInterval([numerator, denominator], ([n, d]) => quotientRange(n, d));
}

/** Bounds of max(left, right). */
export function maxInterval(left: Interval, right: Interval): Interval {
  return elementwiseInterval([left, right], ([x, y]) => ({
    lo: Math.max(x.lo, y.lo),
    hi: Math.max(x.hi, y.hi),
  }));
}

/** Bounds of a rescaled tensor, which grows with its input. */
export function rescaleInterval(input: Interval, operator: Rescale): Interval {
  const { length } = operator.multipliers;
  const repeated = repeatInterval(input, commonPeriod(input.lo.length, length));
  return elementwiseInterval([repeated], ([x], at) => ({
    lo: rescaleOutput(operator, at % length, x.lo),
    hi: rescaleOutput(operator, at % length, x.hi),
  }));
}
