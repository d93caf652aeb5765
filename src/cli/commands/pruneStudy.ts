/** `prune-study`: one network pruned more and more by several methods, as results.json, pictures and a page. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { BACKEND_NAMES } from "../../backends/proofBackend.ts";
import { describeMachine } from "../../bench/machine.ts";
import type { PruningPoint } from "../../bench/studies/pruningPoint.ts";
import { pruningStudy } from "../../bench/studies/pruningStudy.ts";
import { parsePublishedPruning } from "../../bench/studies/publishedPruning.ts";
import { requireWritableFolder } from "../../files/atomicFile.ts";
import { readBytes } from "../../files/readBytes.ts";
import { PRUNE_METHODS, type PruneMethod } from "../../prune/pruneNetwork.ts";
import { layersOf, parseScope } from "../../prune/scope.ts";
import { fromGraph } from "../../train/exchange/fromGraph.ts";
import { coarseRange, readModelFile } from "../models.ts";
import { compileOptions, type ModelOptions, positive } from "../options.ts";
import { packageVersion } from "../packageVersion.ts";
import { measurePoint } from "../pruning/measurePoint.ts";
import { measureProofs } from "../pruning/measureProofs.ts";
import { readPoints, writePoints } from "../pruning/pointsFile.ts";
import { readTraining } from "../pruning/training.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { writeStudy } from "../reportFiles.ts";

interface StudyOptions extends CommonOptions, ModelOptions {
  readonly recipe: string;
  readonly methods: readonly PruneMethod[];
  readonly amounts: readonly number[];
  readonly scope: string;
  readonly iterations: number;
  readonly finetune?: boolean;
  readonly prove: readonly string[];
  readonly proveAt: readonly number[];
  readonly published?: string;
  readonly output: string;
}

const AMOUNTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
const EXIT_INTERRUPTED = 130;

export function configure(command: Command): void {
  command
    .argument("<model>", "model file of a network: layers one after another (.onnx)")
    .requiredOption(
      "--recipe <file>",
      "recipe of `train`: its data measure quality, its training serves --finetune",
    )
    .option("--methods <names>", `of ${PRUNE_METHODS.join(", ")}`, methodsOption, PRUNE_METHODS)
    .option("--amounts <shares>", "shares to take out, from 0 to 1", amountsOption, AMOUNTS)
    .option(
      "--scope <scope>",
      'layers: "global", "costliest", "layer:NAME", "layers:A=0.9,B=0.5" (of the amount)',
      "global",
    )
    .option("--iterations <n>", "rounds of pruning, with training after each", positive, 1)
    .option("--finetune", "trains on as the recipe says, after (movement: while) weights go")
    .option("--prove <backends>", "also prove and verify on these", backendsOption, [])
    .option("--prove-at <shares>", "at these of the amounts", amountsOption, [0, 0.5, 0.9])
    .option("--published <file>", "published figures to stand beside (.json)")
    .option(
      "-o, --output <folder>",
      "where results.json and report.html go; goes on with the points that are there",
      "prune-study",
    )
    .action(run);
}

function amountsOption(text: string): readonly number[] {
  const shares = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (!shares.every((share) => share >= 0 && share <= 1))
    throw new InvalidArgumentError("Expected shares from 0 to 1, with commas between: 0,0.5,0.9.");
  return [...new Set(shares)].sort((a, b) => a - b);
}

function namesOption<T extends string>(text: string, known: readonly T[]): readonly T[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !known.includes(name as T));
  if (unknown.length > 0)
    throw new InvalidArgumentError(`There is no ${unknown.join(", no ")}; there are ${known.join(", ")}.`);
  return known.filter((name) => names.includes(name));
}

const methodsOption = (text: string): readonly PruneMethod[] => namesOption(text, PRUNE_METHODS);
const backendsOption = (text: string): readonly string[] => namesOption(text, BACKEND_NAMES);

/** Wall times of the machine and files that are shown do not make other points. */
function keyOf(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24);
}

async function run(path: string, options: StudyOptions): Promise<void> {
  const reporter = new Reporter(options);
  const { methods, amounts, iterations: rounds, finetune = false, prove, output } = options;
  const scope = parseScope(options.scope);
  const file = await readModelFile(path);
  if (file.kind !== "graph") throw usageError(`"${path}" is compiled already: prune the model file`, path);
  for (const method of methods) layersOf(fromGraph(file.graph), scope, method === "structured");
  if (methods.includes("movement") && !finetune)
    throw usageError(
      "movement pruning watches the training: add --finetune, or name other --methods",
      "--finetune",
    );
  if (rounds > 1 && !finetune)
    throw usageError("rounds need training between them: add --finetune", "--iterations");
  const proveAt = prove.length === 0 ? [] : options.proveAt;
  const missing = proveAt.filter((amount) => !amounts.includes(amount));
  if (missing.length > 0) throw usageError(`--amounts lack ${missing.join(", ")}`, "--prove-at");
  const published =
    options.published === undefined
      ? { points: [], layers: [] }
      : parsePublishedPruning(new TextDecoder().decode(readBytes(options.published)), options.published);
  const training = readTraining(options.recipe, finetune);
  requireWritableFolder(output);
  if (proveAt.length > 0) requireWritableFolder(join(output, "models"));

  const digest = (name: string): string => createHash("sha256").update(readBytes(name)).digest("hex");
  const version = packageVersion();
  const common = { version, model: digest(path), recipe: digest(options.recipe), scope, rounds, finetune };
  const compiled = compileOptions(options);
  const known = new Map(readPoints(output).map((point) => [point.key, point]));
  const { test, inputShape } = training.dataset;
  const size = test.inputs.length / test.count;
  const furthest = amounts.findLast((amount) => amount < 1);
  const quiet = new Reporter({ quiet: true });
  const points: PruningPoint[] = [];
  const wanted = methods.flatMap((method) => amounts.map((amount) => ({ method, amount })));
  for (const [at, { method, amount }] of wanted.entries()) {
    const backends = proveAt.includes(amount) ? prove : [];
    const key = keyOf({ ...common, compiled, method: amount === 0 ? "none" : method, amount, backends });
    const place = `${at + 1}/${wanted.length} ${method}, ${amount}`;
    const old = known.get(key);
    if (old !== undefined) {
      points.push({ ...old, method });
      continue;
    }
    reporter.progress(`${place}: pruning and counting`);
    const countHidden = method === "structured" || amount === 0 || amount === furthest;
    const request = { file, training, method, scope, amount, rounds, finetune, countHidden, options };
    const { graph, figures } = measurePoint({ ...request, reporter: quiet });
    const sample = { shape: [1, ...inputShape], data: test.inputs.slice(0, size) };
    const proofs = await measureProofs({
      ...{ graph, sample, options, backends },
      path: join(output, "models", `${method}-${amount}`),
      inputRange:
        options.inputRange ??
        coarseRange([{ ...sample, shape: [test.count, ...inputShape], data: test.inputs }]),
      onProgress: (text) => reporter.progress(`${place}: ${text}`),
    });
    if (proofs === null) {
      reporter.progress(`interrupted: ${output} holds ${known.size} points; the same command goes on`);
      process.exitCode = EXIT_INTERRUPTED;
      return;
    }
    const point = { key, ...figures, proofs };
    points.push(point);
    known.set(key, point);
    await writePoints(output, [...known.values()]);
    reporter.progress(
      `${place}: ${point.metric} ${point.integer.toFixed(4)}, ${point.constantWeights?.constraints ?? "no"} constraints`,
    );
  }
  const study = pruningStudy({
    ...{ points, published, model: file.graph.name, machine: describeMachine(version) },
    date: new Date().toISOString(),
    settings: {
      methods,
      amounts,
      scope: options.scope,
      iterations: rounds,
      finetune,
      prove,
      proveAt,
      ...compiled,
    },
  });
  const report = await writeStudy(study, output);
  reporter.result(
    { report, points: points.length, findings: study.findings },
    [report, ...study.findings].join("\n"),
  );
}
