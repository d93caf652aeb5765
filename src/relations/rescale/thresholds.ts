import { sameRange } from "../../program/intRange.ts";
import type { IntRange, Rescale } from "../../program/program.ts";
import { rescaleThresholds } from "../../program/rescaleThresholds.ts";
import { rescaleOutput } from "../../program/rescaleValue.ts";

/** A channel's outputs for the inputs of a range: `first` for the least, one more from each threshold on. */
export interface Steps {
  readonly first: number;
  /** Ascending, within the range and above its least input. */
  readonly thresholds: Float64Array;
}

interface Remembered {
  readonly input: IntRange;
  readonly steps: readonly Steps[];
}

/** They are asked for by the choice of piece length and by every plan of the same program. */
const known = new WeakMap<Rescale, Remembered>();

export function stepsOf(operator: Rescale, input: IntRange): readonly Steps[] {
  const remembered = known.get(operator);
  if (remembered !== undefined && sameRange(remembered.input, input)) return remembered.steps;
  const steps = operator.multipliers.map((_, channel) => {
    const outputs = outputsOf(operator, channel, input);
    return { first: outputs.lo, thresholds: rescaleThresholds(operator, channel, outputs) };
  });
  known.set(operator, { input, steps });
  return steps;
}

/** Outputs from the least to the largest of all channels together: what `stepsOf` takes to compute. */
export function countOutputs(operator: Rescale, input: IntRange): number {
  return operator.multipliers.reduce((count, _, channel) => {
    const { lo, hi } = outputsOf(operator, channel, input);
    return count + hi - lo + 1;
  }, 0);
}

function outputsOf(operator: Rescale, channel: number, { lo, hi }: IntRange): IntRange {
  return { lo: rescaleOutput(operator, channel, lo), hi: rescaleOutput(operator, channel, hi) };
}
