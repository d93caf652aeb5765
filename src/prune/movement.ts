/**
 * Movement pruning: weights that training moves towards zero are taken out, whatever their size (Sanh, Wolf, Rush 2020,
 * section 4, with masks from a ranking: "hard" movement pruning). Weights that are out keep their score and may return.
 */
import type { TrainingOptions } from "../train/trainNetwork.ts";
import { maskLowest } from "./maskLowest.ts";
import type { RankedLayers } from "./scope.ts";

/** Of all steps: only scores are gathered before the first; from the second on the whole share is out. */
const RAMP_FROM = 0.1;
const RAMP_TO = 0.7;
/** Steps between two rankings. */
const RANKED_EVERY = 16;

/** The share that is out when `done` of all steps are (Zhu and Gupta 2017, equation 1). */
export function cubicShare(done: number, share: number): number {
  const left = 1 - Math.min(1, Math.max(0, (done - RAMP_FROM) / (RAMP_TO - RAMP_FROM)));
  return share * (1 - left ** 3);
}

/** Hooks for `trainNetwork`, which prune these layers of the network that it trains. */
export function movementHooks(
  rankings: readonly RankedLayers[],
  share: number,
): Pick<TrainingOptions, "beforeUpdate" | "afterUpdate"> {
  const ranked = rankings.map(({ layers, share: part }) => ({
    share: share * part,
    weights: layers.map(({ weight }) => ({
      parameter: weight,
      scores: new Float32Array(weight.values.length),
    })),
  }));
  return {
    beforeUpdate: () => {
      for (const { weights } of ranked)
        for (const { parameter, scores } of weights) parameter.addMovement(scores);
    },
    afterUpdate: ({ step, totalSteps }) => {
      const done = (step + 1) / totalSteps;
      if (step + 1 < totalSteps && (done < RAMP_FROM || step % RANKED_EVERY !== 0)) return;
      for (const { weights, share: most } of ranked) maskLowest(weights, cubicShare(done, most));
    },
  };
}
