/** A network as a recipe describes it: made or read, and trained. */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount, formatShape, sameShape } from "../../tensor/shape.ts";
import type { Dataset } from "../data/dataset.ts";
import { fromGraph } from "../exchange/fromGraph.ts";
import { crossEntropy, meanSquaredError } from "../loss.ts";
import { Network } from "../network/network.ts";
import { type EpochInfo, type TrainingOptions, trainNetwork } from "../trainNetwork.ts";
import type { NetworkRecipe, TrainingRecipe } from "./recipe.ts";

const DEFAULT_BATCH = 64;
const DEFAULT_RATE = { adam: 0.001, sgd: 0.05 } as const;

/**
 * The network before training; `from` is the graph of the recipe's model file.
 * @throws TensorproofError `recipe.layer`, `train.notTrainable`, and `recipe.invalid` where data and network do not fit
 */
export function networkOf(recipe: NetworkRecipe, dataset: Dataset, seed: number, from?: Graph): Network {
  const { layers } = recipe;
  const network =
    layers !== undefined
      ? new Network({ inputShape: dataset.inputShape, layers }, seed)
      : fromGraph(requireGraph(from));
  const outputs = dataset.task.kind === "regression" ? 1 : dataset.task.classes.length;
  if (!sameShape(network.inputShape, dataset.inputShape)) {
    throw misfit(
      `the network takes ${formatShape(network.inputShape)}, the data has ${formatShape(dataset.inputShape)}`,
    );
  }
  if (network.outputShape.length !== 1 || elementCount(network.outputShape) !== outputs) {
    const wanted =
      dataset.task.kind === "regression" ? "one number" : `${outputs} scores, one for each class`;
    throw misfit(`the last layer gives ${formatShape(network.outputShape)}, the data needs ${wanted}`);
  }
  return network;
}

function requireGraph(graph: Graph | undefined): Graph {
  if (graph === undefined) throw new TypeError("a recipe with `from` needs the graph of that file");
  return graph;
}

function misfit(reason: string): TensorproofError {
  return new TensorproofError("recipe.invalid", `recipe.model.layers: ${reason}`, {
    where: "recipe.model.layers",
  });
}

/** What `trainNetwork` takes, with defaults filled in. */
export function trainingOptions(training: TrainingRecipe, dataset: Dataset, seed: number): TrainingOptions {
  const { epochs, batch = DEFAULT_BATCH, optimiser = "adam", momentum, weightDecay, augmentation } = training;
  return {
    loss: dataset.task.kind === "regression" ? meanSquaredError : crossEntropy,
    ...{ epochs, batch, seed },
    learningRate: training.learningRate ?? DEFAULT_RATE[optimiser],
    schedule: training.schedule ?? "cosine",
    optimiser: {
      kind: optimiser,
      ...(momentum === undefined ? {} : { momentum }),
      ...(weightDecay === undefined ? {} : { weightDecay }),
    },
    ...(augmentation === undefined ? {} : { augmentation }),
  };
}

/** Trains a network in place as the recipe says. */
export function trainAsRecipe(
  network: Network,
  training: TrainingRecipe,
  dataset: Dataset,
  seed: number,
  onEpoch?: (epoch: EpochInfo) => void,
): void {
  const options = trainingOptions(training, dataset, seed);
  trainNetwork(network, dataset.train, onEpoch === undefined ? options : { ...options, onEpoch });
}
