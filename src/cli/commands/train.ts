/** `train`: a recipe → model file and report. */
import { basename, dirname, join } from "node:path";
import type { Command } from "commander";
import { writeNpy } from "../../data/npy.ts";
import { type FileContent, requireWritableFolder, writeTogether } from "../../files/atomicFile.ts";
import { readBytes } from "../../files/readBytes.ts";
import { filesFrom } from "../../files/trainingFiles.ts";
import { writeOnnx } from "../../formats/onnx/write.ts";
import type { Dataset, Samples } from "../../train/data/dataset.ts";
import type { Quality } from "../../train/predict.ts";
import { parseRecipe } from "../../train/recipe/parseRecipe.ts";
import type { TrainingReport } from "../../train/recipe/report.ts";
import { runRecipe } from "../../train/recipe/runRecipe.ts";
import type { TrainedModel } from "../../train/recipe/trainedModel.ts";
import { type CommonOptions, Reporter } from "../reporter.ts";

interface TrainOptions extends CommonOptions {
  readonly output?: string;
  readonly writeData?: boolean;
}

/** Enough to calibrate with. */
const WRITTEN_TRAINING_SAMPLES = 1000;

export function configure(command: Command): void {
  command
    .argument("<recipe>", "what to train on what (.json, see docs/guide/train.md)")
    .option("-o, --output <folder>", "folder of the files; default: the current one")
    .option("--write-data", "also write the samples, prepared as the model takes them (.npy)")
    .action(run);
}

async function run(path: string, options: TrainOptions): Promise<void> {
  const reporter = new Reporter(options);
  const { output = "." } = options;
  const source = filesFrom(dirname(path));
  const recipe = parseRecipe(new TextDecoder().decode(readBytes(path)), basename(path), source);
  requireWritableFolder(output);
  const { model, report, dataset } = await runRecipe(recipe, source, {
    onStep: (text) => reporter.progress(text),
    onEpoch: ({ epoch, epochs, loss }) =>
      reporter.progress(`epoch ${epoch} of ${epochs}: mean loss ${loss.toPrecision(4)}`),
  });
  const modelFile = modelContent(recipe.name, model);
  const reportFile = {
    name: `${recipe.name}.training.json`,
    bytes: encoded(`${JSON.stringify(report, null, 2)}\n`),
  };
  const files = [modelFile, reportFile, ...(options.writeData === true ? dataFiles(dataset) : [])];
  await writeTogether(files.map(({ name, bytes }): FileContent => ({ path: join(output, name), bytes })));
  const written = files.map(({ name }) => join(output, name));
  reporter.result({ files: written, ...report }, text(report, written));
}

interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function encoded(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function modelContent(name: string, model: TrainedModel): NamedBytes {
  return model.kind === "graph"
    ? { name: `${name}.onnx`, bytes: writeOnnx(model.graph) }
    : { name: `${name}.json`, bytes: encoded(model.text) };
}

function dataFiles({ inputShape, task, train, test }: Dataset): NamedBytes[] {
  const ofSet = (set: string, { count: all, inputs, targets }: Samples, most: number): NamedBytes[] => {
    const count = Math.min(all, most);
    const size = inputs.length / all;
    const labels = targets.subarray(0, count);
    const isSmall = task.kind === "classification" && task.classes.length <= 256;
    return [
      {
        name: `${set}.npy`,
        bytes: writeNpy({ shape: [count, ...inputShape], data: inputs.subarray(0, count * size) }),
      },
      {
        name: `${set}-labels.npy`,
        bytes: writeNpy({ shape: [count], data: isSmall ? Uint8Array.from(labels) : labels }),
      },
    ];
  };
  return [...ofSet("test", test, test.count), ...ofSet("train", train, WRITTEN_TRAINING_SAMPLES)];
}

function text(
  { quality, distance, quantised, samples, parameters }: TrainingReport,
  files: readonly string[],
): string {
  const lines = [`${parameters} parameters, trained on ${samples.train} samples`];
  if (quality !== null) {
    lines.push(`on ${samples.test} held-out samples: ${figures(quality.test)}`);
    lines.push(`on the training samples: ${figures(quality.train)}`);
  }
  if (distance !== null)
    lines.push(`mean squared distance to the nearest centre: ${distance.test.toPrecision(4)} held out`);
  if (quantised !== null) {
    const { weightBits, activationBits, count, before, after } = quantised;
    lines.push(
      `with weights of ${weightBits} and activations of ${activationBits} bits, ${count} held-out samples: ` +
        `${figures(after)}; without training for it: ${figures(before)}`,
    );
  }
  return [...lines, ...files.map((file) => `written: ${file}`)].join("\n");
}

function figures(quality: Quality): string {
  return Object.entries(quality)
    .map(([name, value]) => `${name} ${(value as number).toPrecision(4)}`)
    .join(", ");
}
