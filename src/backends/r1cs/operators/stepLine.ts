/**
 * A rescale as one shift: M, c and T with clamp(floor((M · x + c) / 2^T), 0, steps) equal to the number of thresholds that x
 * reaches, for every x in a range. Whatever the rounding, only its thresholds matter there; the shorter T, the fewer bits
 * have to be proven.
 */
import type { BigRange } from "../gadgets/shiftClamp.ts";

export interface StepLine {
  readonly factor: bigint;
  readonly offset: bigint;
  readonly shift: number;
}

/** A step that can occur: the least x that reaches `count` thresholds. */
interface Step {
  readonly at: bigint;
  readonly count: bigint;
}

const MAX_LINE_SHIFT = 64;

/** Bounds on the offset that a step puts: the line is below `count` just before it and has reached it there. */
function offsetBounds(steps: readonly Step[], factor: bigint, power: bigint): BigRange {
  let lo = steps[0].count * power - factor * steps[0].at;
  let hi = lo + factor - 1n;
  for (const { at, count } of steps) {
    const least = count * power - factor * at;
    if (least > lo) lo = least;
    if (least + factor - 1n < hi) hi = least + factor - 1n;
  }
  return { lo, hi };
}

/** Factors worth trying for a shift: between the slopes that first and last step leave possible, `ideal` first. */
function candidateFactors(steps: readonly Step[], power: bigint, ideal: number): bigint[] {
  const first = steps[0];
  const last = steps[steps.length - 1];
  if (first === last) return [1n];
  const rise = (last.count - first.count) * power;
  const run = last.at - first.at;
  const least = rise / (run + 1n) + 1n;
  const most = run > 1n ? (rise - 1n) / (run - 1n) : least + 1n;
  const guess = BigInt(Math.round(ideal * 2 ** 40)) * power;
  const rounded = (guess + (1n << 39n)) >> 40n;
  return [rounded, rounded + 1n, rounded - 1n, least, (least + most) / 2n, most].filter(
    (factor) => factor >= least && factor <= most && factor > 0n,
  );
}

/**
 * The line with the least shift, or null where none with a shift up to 64 has all thresholds.
 *
 * @param thresholds ascending; entry i is the least x that reaches i + 1 of them
 * @param ideal the real factor that the rounding approximates
 */
export function stepLine(thresholds: readonly number[], range: BigRange, ideal: number): StepLine | null {
  const steps: Step[] = [];
  let reachedByAll = 0n;
  for (const threshold of thresholds) {
    const at = BigInt(threshold);
    if (at <= range.lo) reachedByAll++;
    else if (at <= range.hi) steps.push({ at, count: reachedByAll + BigInt(steps.length) + 1n });
  }
  if (steps.length === 0) return { factor: 0n, offset: reachedByAll, shift: 0 };
  for (let shift = 0; shift <= MAX_LINE_SHIFT; shift++) {
    const power = 1n << BigInt(shift);
    for (const factor of candidateFactors(steps, power, ideal)) {
      const { lo, hi } = offsetBounds(steps, factor, power);
      // Where a clamp does not end it, the line must not take a step before or after the range's own.
      const atLeast = steps[0].count > 1n ? (steps[0].count - 1n) * power - factor * range.lo : lo;
      const last = steps[steps.length - 1].count;
      const isOpen = last < BigInt(thresholds.length);
      const atMost = isOpen ? (last + 1n) * power - factor * range.hi - 1n : hi;
      const offset = atLeast > lo ? atLeast : lo;
      if (offset <= (atMost < hi ? atMost : hi)) return { factor, offset, shift };
    }
  }
  return null;
}
