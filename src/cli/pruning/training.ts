/** What pruning learns from: the data and the training of a recipe. */
import { dirname } from "node:path";
import { readBytes } from "../../files/readBytes.ts";
import { filesFrom } from "../../files/trainingFiles.ts";
import type { Dataset } from "../../train/data/dataset.ts";
import { loadDataset } from "../../train/data/loadDataset.ts";
import { trainingOptions } from "../../train/recipe/networkRecipe.ts";
import { parseRecipe } from "../../train/recipe/parseRecipe.ts";
import type { TrainingOptions } from "../../train/trainNetwork.ts";
import { type Reporter, usageError } from "../reporter.ts";

export interface Training {
  readonly dataset: Dataset;
  readonly options: TrainingOptions;
}

/** @throws TensorproofError `recipe.*`, `usage` where the recipe trains no network, what is wrong with its data */
export function readTraining(path: string, finetune: boolean): Training {
  const source = filesFrom(dirname(path));
  const recipe = parseRecipe(new TextDecoder().decode(readBytes(path)), path, source);
  const { model } = recipe;
  if (model.kind !== "network")
    throw usageError(`"${path}" trains a model of kind "${model.kind}"; pruning is for networks`, "--recipe");
  if (finetune && model.training.epochs === 0)
    throw usageError(`"${path}" trains for 0 epochs: there is nothing to fine-tune with`, "--recipe");
  const dataset = loadDataset(recipe, source);
  return { dataset, options: trainingOptions(model.training, dataset, recipe.seed) };
}

export function withProgress(options: TrainingOptions, reporter: Reporter): TrainingOptions {
  return {
    ...options,
    onEpoch: ({ epoch, epochs, loss }) =>
      reporter.progress(`epoch ${epoch} of ${epochs}, loss ${loss.toPrecision(4)}`),
  };
}
