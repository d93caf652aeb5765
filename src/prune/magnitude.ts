/** Magnitude pruning: the smallest weights matter least (Han, Pool, Tran, Dally 2015, section 3.1). */
import { maskLowest } from "./maskLowest.ts";
import type { WeightLayer } from "./scope.ts";

/** Weights that are out already rank as zeros. */
export function pruneByMagnitude(layers: readonly WeightLayer[], share: number): void {
  maskLowest(
    layers.map(({ weight }) => ({ parameter: weight, scores: weight.effective.map(Math.abs) })),
    share,
  );
}

/** The share that is out after `round` (from 1) of `rounds`: each keeps the same part of what the one before left. */
export function shareAfter(round: number, rounds: number, share: number): number {
  return round === rounds ? share : 1 - (1 - share) ** (round / rounds);
}
