/**
 * Rounding that grows with its argument is known by its thresholds: for each result, the least argument that reaches it.
 * Two ways of rounding are the same function on a range if they have the same thresholds there.
 */

import type { IntRange, Multiplier, Rounding } from "../../program/program.ts";
import { rescaleValue } from "../../program/rescaleValue.ts";
import { NotExact } from "./notExact.ts";

/** How far from the nearest multiplier of 31 bits to look for one with the same thresholds. */
const MAX_DISTANCE = 64;

type Round = (sum: number) => number;

/** The least sum with round(sum) ≥ step; `near` is a guess. */
function thresholdOf(round: Round, step: number, near: number): number {
  let sum = near;
  while (round(sum - 1) >= step) sum--;
  while (round(sum) < step) sum++;
  return sum;
}

/** The sums within `sums` right below and at each threshold, with the step that the latter reaches. */
function thresholds(round: Round, { multiplier, shift }: Multiplier, sums: IntRange, steps: IntRange) {
  const scale = multiplier * 2 ** (shift - 31);
  const list: { readonly step: number; readonly below: number; readonly reached: number }[] = [];
  for (let step = steps.lo + 1; step <= steps.hi; step++) {
    if (round(sums.lo) >= step || round(sums.hi) < step) continue;
    const reached = thresholdOf(round, step, Math.ceil((step - 0.5) / scale));
    list.push({ step, below: reached - 1, reached });
  }
  return list;
}

/**
 * A multiplier at or next to `nearest` with which `rounding` gives the same as `round` for every sum in `sums`, as far as
 * results within `steps` can tell.
 *
 * @throws NotExact if there is none
 */
export function sameThresholds(
  rounding: Rounding,
  nearest: Multiplier,
  round: Round,
  sums: IntRange,
  steps: IntRange,
): Multiplier {
  const wanted = thresholds(round, nearest, sums, steps);
  const lowest = Math.max(round(sums.lo), steps.lo);
  const highest = Math.min(round(sums.hi), steps.hi);
  const agrees = (candidate: Multiplier): boolean =>
    wanted.every(
      ({ step, below, reached }) =>
        rescaleValue(rounding, candidate, below) < step && rescaleValue(rounding, candidate, reached) >= step,
    ) &&
    // No threshold of the candidate's own beyond the ends.
    Math.max(rescaleValue(rounding, candidate, sums.lo), steps.lo) === lowest &&
    Math.min(rescaleValue(rounding, candidate, sums.hi), steps.hi) === highest;
  for (let distance = 0; distance <= MAX_DISTANCE; distance++) {
    for (const sign of distance === 0 ? [1] : [1, -1]) {
      const multiplier = nearest.multiplier + sign * distance;
      const candidate = { ...nearest, multiplier };
      if (multiplier > 0 && multiplier < 2 ** 31 && agrees(candidate)) return candidate;
    }
  }
  throw new NotExact("is rescaled by a factor that no multiplier of 31 bits reproduces for all of its sums");
}
