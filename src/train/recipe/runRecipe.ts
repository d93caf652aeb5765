/** A recipe from data to model file and report. */
import { loadModel } from "../../formats/load.ts";
import type { DataSource } from "../data/dataSource.ts";
import type { Dataset } from "../data/dataset.ts";
import { loadDataset } from "../data/loadDataset.ts";
import { toGraph } from "../exchange/toGraph.ts";
import type { Network } from "../network/network.ts";
import { qualityOf } from "../predict.ts";
import { fineTuneQuantised, integerQuality } from "../quantisation/fineTune.ts";
import type { EpochInfo } from "../trainNetwork.ts";
import { trainClassical } from "./classicalRecipe.ts";
import { networkOf, trainAsRecipe, trainingOptions } from "./networkRecipe.ts";
import type { NetworkRecipe, Recipe } from "./recipe.ts";
import type { QuantisedReport, TrainingReport } from "./report.ts";
import type { TrainedModel } from "./trainedModel.ts";

export interface Trained {
  readonly model: TrainedModel;
  readonly report: TrainingReport;
  readonly dataset: Dataset;
}

export interface Progress {
  /** A step begins. */
  readonly onStep?: (text: string) => void;
  readonly onEpoch?: (epoch: EpochInfo) => void;
}

/** Throws what `loadDataset`, `networkOf`, `trainNetwork` and the trainers of classical models throw. */
export async function runRecipe(
  recipe: Recipe,
  source: DataSource,
  progress: Progress = {},
): Promise<Trained> {
  progress.onStep?.("reading data");
  const dataset = loadDataset(recipe, source);
  const { model } = recipe;
  if (model.kind === "network") return trainedNetwork(recipe, model, dataset, source, progress);
  progress.onStep?.(`training on ${dataset.train.count} samples`);
  const { model: trained, ...results } = trainClassical(recipe, model, dataset);
  const report = { ...describe(recipe, dataset), ...results, losses: [], quantised: null };
  return { model: trained, report, dataset };
}

type Described = Pick<TrainingReport, "format" | "version" | "recipe" | "samples" | "task" | "features">;

/** What all reports say. */
function describe(recipe: Recipe, { train, test, task, features }: Dataset): Described {
  return {
    format: "tensorproof-training",
    version: 1,
    recipe,
    samples: { train: train.count, test: test.count },
    task,
    features: features ?? null,
  };
}

async function trainedNetwork(
  recipe: Recipe,
  model: NetworkRecipe,
  dataset: Dataset,
  source: DataSource,
  progress: Progress,
): Promise<Trained> {
  const { from, training } = model;
  const read = from === undefined ? undefined : await loadModel(source.read(from), from);
  const network = networkOf(model, dataset, recipe.seed, read);
  progress.onStep?.(`training on ${dataset.train.count} samples`);
  const losses: number[] = [];
  trainAsRecipe(network, training, dataset, recipe.seed, (epoch) => {
    losses.push(epoch.loss);
    progress.onEpoch?.(epoch);
  });
  const quantised = fineTuned(network, recipe, model, dataset, progress);
  const quality = {
    train: qualityOf(network, dataset.train, dataset.task),
    test: qualityOf(network, dataset.test, dataset.task),
  };
  const parameters = network.parameters.reduce((sum, { values }) => sum + values.length, 0);
  return {
    model: { kind: "graph", graph: toGraph(network, recipe.name) },
    report: { ...describe(recipe, dataset), parameters, losses, quality, distance: null, quantised },
    dataset,
  };
}

const SHARE_OF_RATE = 0.1;

/** Goes on with rounding, where the recipe asks for it. */
function fineTuned(
  network: Network,
  recipe: Recipe,
  { training, quantisation }: NetworkRecipe,
  dataset: Dataset,
  progress: Progress,
): QuantisedReport | null {
  if (quantisation === undefined) return null;
  const { weightBits, activationBits, epochs, learningRate } = quantisation;
  const bits = { weightBits, activationBits };
  progress.onStep?.(`training with weights of ${weightBits} and activations of ${activationBits} bits`);
  const before = integerQuality(toGraph(network, recipe.name), bits, dataset);
  const options = trainingOptions(training, dataset, recipe.seed);
  fineTuneQuantised(network, dataset.train, bits, {
    ...options,
    epochs,
    learningRate: learningRate ?? SHARE_OF_RATE * options.learningRate,
    ...(progress.onEpoch === undefined ? {} : { onEpoch: progress.onEpoch }),
  });
  const { count, float, integer } = integerQuality(toGraph(network, recipe.name), bits, dataset);
  return { weightBits, activationBits, count, before: before.integer, after: integer, float };
}
