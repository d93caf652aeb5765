/** What a sweep runs over: networks with the same held-out samples. */
import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { readBytes } from "../../files/readBytes.ts";
import { filesFrom } from "../../files/trainingFiles.ts";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import type { CompileOptions, Samples } from "../../quant/compileOptions.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import type { Dataset } from "../../train/data/dataset.ts";
import { loadDataset } from "../../train/data/loadDataset.ts";
import type { LayerSpec } from "../../train/network/layerSpec.ts";
import { parseRecipe } from "../../train/recipe/parseRecipe.ts";
import type { Recipe } from "../../train/recipe/recipe.ts";
import { runRecipe } from "../../train/recipe/runRecipe.ts";
import { type HeldOut, readHeldOut, requireComparable } from "../heldOut.ts";
import { readSamples } from "../inputs.ts";
import { coarseRange, readModelFile } from "../models.ts";
import type { ModelOptions } from "../options.ts";
import { type Reporter, usageError } from "../reporter.ts";

export interface Swept {
  /** In titles. */
  readonly name: string;
  /** Of everything that decides a point's figures, but the point. */
  readonly digest: string;
  /** The network of a width; made where it is asked for first. */
  readonly graphOf: (width: string | null) => Promise<Graph>;
  readonly heldOutOf: (graph: Graph) => HeldOut;
  /** How ranges are found. */
  readonly rangesOf: (graph: Graph) => CompileOptions;
}

export interface SweptOptions extends ModelOptions {
  readonly data?: string;
  readonly labels?: string;
  readonly recipe?: string;
}

const CALIBRATION_SAMPLES = 1000;

function digestOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(createHash("sha256").update(part).digest());
  return hash.digest("hex");
}

/** Hidden layers of a recipe with other widths: one for all of them, or one for each, as "64x32". */
export function withWidths(layers: readonly LayerSpec[], width: string): LayerSpec[] {
  const hidden = layers
    .flatMap(({ type }, i) => (type === "dense" || type === "conv2d" ? [i] : []))
    .slice(0, -1);
  const numbers = width.split("x").map(Number);
  if (hidden.length === 0)
    throw new TensorproofError(
      "sweep.widths",
      "the recipe has no hidden layer: there is no width to change",
      {
        where: "--widths",
      },
    );
  if (numbers.length !== 1 && numbers.length !== hidden.length) {
    const message = `"${width}" names ${numbers.length} widths, the recipe has ${hidden.length} hidden layers`;
    throw new TensorproofError("sweep.widths", message, { where: "--widths" });
  }
  return layers.map((layer, i) => {
    const at = hidden.indexOf(i);
    if (at < 0) return layer;
    const units = numbers.length === 1 ? numbers[0] : numbers[at];
    return layer.type === "conv2d" ? { ...layer, filters: units } : ({ ...layer, units } as LayerSpec);
  });
}

/** @throws TensorproofError of files, models and recipes; `usage` where options do not go together */
export async function readSwept(
  model: string | undefined,
  widths: readonly (string | null)[],
  options: SweptOptions,
  reporter: Reporter,
): Promise<Swept> {
  const { recipe, data, labels } = options;
  const isTrained = widths.some((width) => width !== null);
  if (recipe === undefined) {
    if (model === undefined) throw usageError("name a model file, or a recipe with --recipe", "<model>");
    if (isTrained)
      throw usageError("other widths have to be trained: name a recipe with --recipe", "--widths");
    if (data === undefined || labels === undefined)
      throw usageError("quality needs samples and what they are: --data and --labels, or --recipe", "--data");
    return fromFiles(model, data, labels, options);
  }
  if (data !== undefined || labels !== undefined)
    throw usageError("--recipe brings its own samples: leave --data and --labels out", "--recipe");
  if (isTrained && model !== undefined)
    throw usageError("--widths trains networks of its own: leave the model file out", "--widths");
  return fromRecipe(model, recipe, widths, options, reporter);
}

export async function readGraph(model: string, options: ModelOptions): Promise<Graph> {
  const file = await readModelFile(model, options);
  if (file.kind !== "graph") throw usageError(`"${model}" is compiled already: name the model file`, model);
  checkGraph(file.graph);
  return file.graph;
}

/** Ranges by --calibrate or --input-range, else the coarsest that hold the given samples. */
export function fileRanges(graph: Graph, samples: Samples, options: ModelOptions): CompileOptions {
  if (options.calibrate !== undefined)
    return { calibration: readSamples(options.calibrate, graph.inputs, options) };
  return { inputRange: options.inputRange ?? coarseRange(samples) };
}

async function fromFiles(model: string, data: string, labels: string, options: SweptOptions): Promise<Swept> {
  const graph = await readGraph(model, options);
  const heldOut = readHeldOut(graph, data, labels, options);
  const ranges = fileRanges(graph, heldOut.samples, options);
  const { calibrate, inputRange, head, rawBytes, imageMean, imageScale } = options;
  const files = [model, data, labels, ...(calibrate === undefined ? [] : [calibrate])];
  const rest = JSON.stringify({ inputRange, head, rawBytes, imageMean, imageScale });
  return {
    name: basename(model),
    digest: digestOf([...files.map(readBytes), rest]),
    graphOf: async () => graph,
    heldOutOf: () => heldOut,
    rangesOf: () => ranges,
  };
}

function heldOutOf({ test, inputShape }: Dataset): HeldOut {
  const samples = [floatTensor([test.count, ...inputShape], test.inputs)];
  return { samples, samplesFor: () => samples, labels: test.targets };
}

/** Training samples, unless held-out ones lie outside what they show: then the coarsest range that holds both. */
function recipeRanges({ train, test, inputShape }: Dataset, options: ModelOptions): CompileOptions {
  if (options.inputRange !== undefined) return { inputRange: options.inputRange };
  const count = Math.min(train.count, CALIBRATION_SAMPLES);
  const shown = train.inputs.subarray(0, (train.inputs.length / train.count) * count);
  const bounds = (values: Float32Array): readonly [number, number] => [
    values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  ];
  const [own, other] = [bounds(shown), bounds(test.inputs)];
  if (other[0] < own[0] || other[1] > own[1]) {
    const both = [train.inputs, test.inputs].map((data) => floatTensor([data.length], data));
    return { inputRange: coarseRange(both) };
  }
  return { calibration: [floatTensor([count, ...inputShape], shown)] };
}

async function fromRecipe(
  model: string | undefined,
  path: string,
  widths: readonly (string | null)[],
  options: SweptOptions,
  reporter: Reporter,
): Promise<Swept> {
  if (options.calibrate !== undefined)
    throw usageError("--recipe calibrates with its training samples: leave --calibrate out", "--calibrate");
  const source = filesFrom(dirname(path));
  const text = new TextDecoder().decode(readBytes(path));
  const recipe = parseRecipe(text, path, source);
  const dataset = loadDataset(recipe, source);
  const heldOut = heldOutOf(dataset);
  const ranges = recipeRanges(dataset, options);
  const recipes = new Map(widths.map((width) => [width, recipeOf(recipe, width)]));
  const given = model === undefined ? null : await readGraph(model, options);
  if (given !== null) requireComparable(given, heldOut.samples, heldOut.labels);
  const graphs = new Map<string | null, Graph>();
  const graphOf = async (width: string | null): Promise<Graph> => {
    const made = given ?? graphs.get(width);
    if (made !== undefined) return made;
    reporter.progress(width === null ? "training" : `training at width ${width}`);
    const trained = await runRecipe(recipes.get(width) as Recipe, source, {
      onEpoch: ({ epoch, epochs, loss }) =>
        reporter.progress(`epoch ${epoch} of ${epochs}, loss ${loss.toPrecision(4)}`),
    });
    if (trained.model.kind !== "graph") throw notANetwork(recipe);
    graphs.set(width, trained.model.graph);
    return trained.model.graph;
  };
  return {
    name: model === undefined ? recipe.name : basename(model),
    digest: digestOf([
      ...[text, ...(model === undefined ? [] : [readBytes(model)])],
      ...[dataset.train, dataset.test].flatMap(({ inputs, targets }) => [bytesOf(inputs), bytesOf(targets)]),
      JSON.stringify({ inputRange: options.inputRange, head: options.head }),
    ]),
    graphOf,
    heldOutOf: () => heldOut,
    rangesOf: () => ranges,
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function notANetwork({ model }: Recipe): TensorproofError {
  return usageError(
    `the recipe trains a model of kind "${model.kind}"; sweeps are over networks`,
    "--recipe",
  );
}

function recipeOf(recipe: Recipe, width: string | null): Recipe {
  const { model } = recipe;
  if (model.kind !== "network") throw notANetwork(recipe);
  if (width === null) return recipe;
  if (model.layers === undefined)
    throw usageError('the recipe trains on from a file: widths need one with "layers"', "--widths");
  return { ...recipe, model: { ...model, layers: withWidths(model.layers, width) } };
}
