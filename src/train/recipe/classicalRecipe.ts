/** Regressions, trees and k-means as a recipe describes them. */
import { classificationMetrics, regressionMetrics } from "../../quant/metrics.ts";
import { elementCount } from "../../tensor/shape.ts";
import { kMeans, meanDistance, nearestCentres } from "../classical/kMeans.ts";
import { type LinearModel, leastSquares, type Rows } from "../classical/leastSquares.ts";
import { expandRows, monomialsOf } from "../classical/monomials.ts";
import { polynomialGraph } from "../classical/polynomialGraph.ts";
import { growTree, treeOutputs, treeSize } from "../classical/tree.ts";
import { treeGraph } from "../classical/treeGraph.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import { crossEntropy } from "../loss.ts";
import { Network } from "../network/network.ts";
import { classesOf, type Quality, qualityOf } from "../predict.ts";
import { SeededRandom } from "../random.ts";
import { trainNetwork } from "../trainNetwork.ts";
import type { ModelRecipe, NetworkRecipe, Recipe } from "./recipe.ts";
import type { TrainedModel } from "./trainedModel.ts";

export interface ClassicalResult {
  readonly model: TrainedModel;
  readonly parameters: number;
  readonly quality: { readonly train: Quality; readonly test: Quality } | null;
  readonly distance: { readonly train: number; readonly test: number } | null;
}

type ClassicalRecipe = Exclude<ModelRecipe, NetworkRecipe>;

const DEFAULT_ALPHA = 1;
const DEFAULT_DEGREE = 2;
const DEFAULT_TREE = { maxDepth: 8, minLeaf: 1 } as const;

export function trainClassical(
  { name, seed }: Pick<Recipe, "name" | "seed">,
  model: ClassicalRecipe,
  dataset: Dataset,
): ClassicalResult {
  switch (model.kind) {
    case "linear":
      return linear(dataset, 0);
    case "ridge":
      return linear(dataset, model.alpha ?? DEFAULT_ALPHA);
    case "polynomial-ridge":
      return polynomial(name, dataset, model.degree ?? DEFAULT_DEGREE, model.alpha ?? DEFAULT_ALPHA);
    case "logistic":
      return logistic(dataset, seed);
    case "tree":
      return tree(name, dataset, { ...DEFAULT_TREE, ...model });
    case "k-means":
      return clusters(dataset, model.clusters, seed);
  }
}

function rowsOf({ count, inputs }: Samples): Rows {
  return { count, width: inputs.length / count, values: inputs };
}

/** What `of` says of both parts. */
function both<T>({ train, test }: Dataset, of: (samples: Samples) => T): { train: T; test: T } {
  return { train: of(train), test: of(test) };
}

function jsonModel(dataset: Dataset, fields: Readonly<Record<string, unknown>>): TrainedModel {
  const names = dataset.features?.map(({ name }) => name);
  const content = { ...fields, ...(names === undefined ? {} : { feature_names: names }) };
  return { kind: "json", text: `${JSON.stringify(content)}\n` };
}

function predictions({ coefficients, intercept }: LinearModel, { count, width, values }: Rows): Float64Array {
  return Float64Array.from({ length: count }, (_, n) =>
    coefficients.reduce((sum, w, i) => sum + w * values[n * width + i], intercept),
  );
}

function linear(dataset: Dataset, alpha: number): ClassicalResult {
  const fitted = leastSquares(rowsOf(dataset.train), dataset.train.targets, alpha);
  const { coefficients, intercept } = fitted;
  return {
    model: jsonModel(dataset, { model: "linear", coefficients: Array.from(coefficients), intercept }),
    parameters: coefficients.length + 1,
    quality: both(dataset, (part) => regressionMetrics(predictions(fitted, rowsOf(part)), part.targets)),
    distance: null,
  };
}

/** Higher degrees have no form in JSON and become a graph that multiplies. */
const MAX_JSON_DEGREE = 2;

function polynomial(name: string, dataset: Dataset, degree: number, alpha: number): ClassicalResult {
  const [width] = dataset.inputShape;
  const monomials = monomialsOf(width, degree);
  const expanded = (part: Samples): Rows => expandRows(rowsOf(part), monomials);
  const fitted = leastSquares(expanded(dataset.train), dataset.train.targets, alpha);
  const { coefficients, intercept } = fitted;
  const terms = { degree, interaction_only: false, include_bias: false };
  const content = { model: "linear", coefficients: Array.from(coefficients), intercept, polynomial: terms };
  return {
    model:
      degree > MAX_JSON_DEGREE
        ? { kind: "graph", graph: polynomialGraph(name, width, monomials, fitted) }
        : { kind: "json", text: `${JSON.stringify(content)}\n` },
    parameters: monomials.length + 1,
    quality: both(dataset, (part) => regressionMetrics(predictions(fitted, expanded(part)), part.targets)),
    distance: null,
  };
}

/** Steps of the logistic regression: enough to settle on tables, a few passes over large sets. */
const LOGISTIC_STEPS = 20_000;
const LOGISTIC = { batch: 64, learningRate: 0.01, schedule: "cosine" } as const;

/** One score for each class, a single dense layer trained by cross-entropy. */
function logistic(dataset: Dataset, seed: number): ClassicalResult {
  const { train, task, inputShape } = dataset;
  const width = elementCount(inputShape);
  const numClasses = task.kind === "classification" ? task.classes.length : 0;
  const network = new Network({ inputShape: [width], layers: [{ type: "dense", units: numClasses }] }, seed);
  const [weight, bias] = network.parameters;
  weight.values.fill(0);
  const epochs = Math.ceil(LOGISTIC_STEPS / Math.ceil(train.count / LOGISTIC.batch));
  trainNetwork(network, train, { ...LOGISTIC, loss: crossEntropy, epochs: Math.min(epochs, 500), seed });
  const coefficients = Array.from({ length: numClasses }, (_, c) =>
    Array.from({ length: width }, (_unused, i) => weight.values[i * numClasses + c]),
  );
  return {
    model: jsonModel(dataset, { model: "logistic", coefficients, intercept: Array.from(bias.values) }),
    parameters: weight.values.length + bias.values.length,
    quality: both(dataset, (part) => qualityOf(network, part, task)),
    distance: null,
  };
}

function tree(
  name: string,
  dataset: Dataset,
  options: { readonly maxDepth: number; readonly minLeaf: number },
): ClassicalResult {
  const { task, train, inputShape } = dataset;
  const grown = growTree(train, task, options);
  const { nodes, leaves } = treeSize(grown);
  const quality = both(dataset, (part): Quality => {
    const outputs = treeOutputs(grown, part);
    return task.kind === "regression"
      ? regressionMetrics(outputs, part.targets)
      : classificationMetrics(classesOf(outputs, part.count), part.targets);
  });
  const perLeaf = task.kind === "regression" ? 1 : task.classes.length;
  return {
    model: { kind: "graph", graph: treeGraph(grown, name, elementCount(inputShape), task) },
    // A feature and a threshold for each comparison, and the leaves.
    parameters: 2 * (nodes - leaves) + perLeaf * leaves,
    quality,
    distance: null,
  };
}

/** Clusters are told apart without labels; where there are labels, each cluster stands for the class most of its rows have. */
function clusters(dataset: Dataset, count: number, seed: number): ClassicalResult {
  const { train, task } = dataset;
  const centres = kMeans(rowsOf(train), count, new SeededRandom(seed));
  const numClasses = task.kind === "classification" ? task.classes.length : 0;
  const votes = centres.map(() => new Float64Array(numClasses));
  nearestCentres(rowsOf(train), centres).forEach((c, n) => {
    votes[c][train.targets[n]]++;
  });
  const classes = votes.map((counts) => counts.indexOf(Math.max(...counts)));
  const quality = both(dataset, (part) => {
    const predicted = Array.from(nearestCentres(rowsOf(part), centres), (c) => classes[c]);
    return classificationMetrics(predicted, part.targets);
  });
  return {
    model: jsonModel(dataset, { model: "centroids", centers: centres.map((centre) => Array.from(centre)) }),
    parameters: centres.length * (centres[0]?.length ?? 0),
    quality: numClasses > 1 ? quality : null,
    distance: both(dataset, (part) => meanDistance(rowsOf(part), centres)),
  };
}
