/** Which weights a ranking takes out. */
import type { Parameter } from "../train/network/parameter.ts";

/** A parameter and the score of each of its weights: the lowest go first. */
export interface ScoredWeights {
  readonly parameter: Parameter;
  readonly scores: ArrayLike<number>;
}

/**
 * Sets the masks so that exactly ⌊share · n⌋ of the n weights are out, those with the lowest scores in one ranking over all
 * parameters; equal scores in the order of the weights.
 */
export function maskLowest(weights: readonly ScoredWeights[], share: number): void {
  const total = weights.reduce((sum, { scores }) => sum + scores.length, 0);
  const all = new Float64Array(total);
  let at = 0;
  for (const { scores } of weights) {
    all.set(scores, at);
    at += scores.length;
  }
  const order = Uint32Array.from(all, (_, i) => i).sort((a, b) => all[a] - all[b] || a - b);
  const kept = new Uint8Array(total).fill(1);
  for (const out of order.subarray(0, Math.floor(share * total))) kept[out] = 0;
  at = 0;
  for (const { parameter, scores } of weights) {
    parameter.mask = kept.slice(at, at + scores.length);
    at += scores.length;
    parameter.refresh();
  }
}
