/** One pruning from start to end: rounds of taking out and training again. */
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Samples } from "../train/data/dataset.ts";
import type { Network } from "../train/network/network.ts";
import { type TrainingOptions, trainNetwork } from "../train/trainNetwork.ts";
import { pruneByMagnitude, shareAfter } from "./magnitude.ts";
import { movementHooks } from "./movement.ts";
import { isWeightLayer, type PruneScope, rankingsOf, type WeightLayer } from "./scope.ts";
import { removeUnits } from "./structured.ts";
import { unitsOf } from "./unitScores.ts";

export const PRUNE_METHODS = ["magnitude", "movement", "structured"] as const;
export type PruneMethod = (typeof PRUNE_METHODS)[number];

export interface PruneOptions {
  readonly method: PruneMethod;
  readonly scope: PruneScope;
  /** Of the weights (units, where structured) of the scope, 0 to 1. */
  readonly share: number;
  /** How often is pruned, each time followed by training. Not for movement, which prunes while it trains. Default 1. */
  readonly rounds?: number;
  /** Training after (in movement pruning: while) weights go. */
  readonly finetune?: { readonly data: Samples; readonly options: TrainingOptions };
  readonly onRound?: (round: number) => void;
}

/**
 * The pruned network; the given one may change. Structured pruning returns a smaller one.
 * @throws TensorproofError `prune.*`, `train.diverged`
 */
export function pruneNetwork(network: Network, options: PruneOptions): Network {
  const { method, scope, share, rounds = 1, finetune } = options;
  if (!(share >= 0 && share <= 1)) {
    const message = `expected a share from 0 to 1, got ${share}`;
    throw new TensorproofError("prune.amount", message, { where: "amount" });
  }
  if (method === "movement") return pruneByMovement(network, options);
  if (rounds > 1 && finetune === undefined) {
    const message = "rounds of pruning need training between them: give it data to train on";
    throw new TensorproofError("prune.finetune", message, { where: "iterations" });
  }
  let current = network;
  const layersNow = (names: readonly string[]): WeightLayer[] =>
    current.layers.filter(isWeightLayer).filter(({ name }) => names.includes(name));
  const unitsNow = (names: readonly string[]): number =>
    layersNow(names).reduce((sum, layer) => sum + unitsOf(layer), 0);
  const rankings = rankingsOf(network, scope, method === "structured").map((ranking) => {
    const names = ranking.layers.map(({ name }) => name);
    return { names, share: share * ranking.share, unitsFirst: unitsNow(names) };
  });
  for (let round = 1; round <= rounds; round++) {
    options.onRound?.(round);
    for (const { names, share: most, unitsFirst } of rankings) {
      const reached = shareAfter(round, rounds, most);
      if (method === "magnitude") pruneByMagnitude(layersNow(names), reached);
      else {
        const gone = unitsFirst - unitsNow(names);
        current = removeUnits(current, layersNow(names), Math.floor(reached * unitsFirst) - gone);
      }
    }
    if (finetune !== undefined) trainNetwork(current, finetune.data, finetune.options);
  }
  current.settleMasks();
  return current;
}

function pruneByMovement(network: Network, { scope, share, rounds = 1, finetune }: PruneOptions): Network {
  if (rounds !== 1) {
    const message = "movement pruning takes weights out step by step while it trains: leave out the rounds";
    throw new TensorproofError("prune.rounds", message, { where: "iterations" });
  }
  if (finetune === undefined || finetune.options.epochs === 0) {
    const message = "movement pruning watches how training moves the weights: give it data to train on";
    throw new TensorproofError("prune.finetune", message, { where: "finetune" });
  }
  const hooks = movementHooks(rankingsOf(network, scope, false), share);
  trainNetwork(network, finetune.data, { ...finetune.options, ...hooks });
  network.settleMasks();
  return network;
}
