/** `prune`: a thinner network, with quality and cost before and after. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { requireWritable, writeAtomic } from "../../files/atomicFile.ts";
import { writeOnnx } from "../../formats/onnx/write.ts";
import { PRUNE_METHODS, type PruneMethod, pruneNetwork } from "../../prune/pruneNetwork.ts";
import { layersOf, parseScope } from "../../prune/scope.ts";
import { evaluate } from "../../quant/evaluate.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import type { Dataset } from "../../train/data/dataset.ts";
import { fromGraph } from "../../train/exchange/fromGraph.ts";
import { toGraph } from "../../train/exchange/toGraph.ts";
import { compile, type GraphFile, readModelFile } from "../models.ts";
import { type ModelOptions, positive, renamed } from "../options.ts";
import { programCosts } from "../programCosts.ts";
import { type PrunedState, pruneText } from "../pruneText.ts";
import { readTraining, withProgress } from "../pruning/training.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";

interface PruneCommandOptions extends CommonOptions, ModelOptions {
  readonly method: PruneMethod;
  readonly scope: string;
  readonly amount: number;
  readonly iterations: number;
  readonly recipe?: string;
  readonly finetune?: boolean;
  readonly output?: string;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file of a network: layers one after another (.onnx)")
    .addOption(
      new Option("--method <method>", "what is taken out").choices(PRUNE_METHODS).makeOptionMandatory(),
    )
    .option(
      "--scope <scope>",
      'layers: "global", "costliest", "layer:NAME", "layers:A=0.9,B=0.5" (of the amount)',
      "global",
    )
    .requiredOption("--amount <share>", "share of the weights, or units where structured: 0 to 1", amount)
    .option("--iterations <n>", "rounds of pruning, with training after each", positive, 1)
    .option("--recipe <file>", "recipe of `train`: its data measure quality, its training serves --finetune")
    .option("--finetune", "trains on as the recipe says")
    .option(
      "-o, --output <file>",
      "where the pruned network goes (default: the model's name with .pruned.onnx)",
    )
    .action(run);
}

function amount(text: string): number {
  const share = text.trim() === "" ? Number.NaN : Number(text);
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError("Expected a share from 0 to 1: 0.5.");
  return share;
}

async function run(model: string, options: PruneCommandOptions): Promise<void> {
  const reporter = new Reporter(options);
  const { method, amount: share, iterations, finetune = false } = options;
  const output = options.output ?? renamed(model, ".pruned.onnx");
  const scope = parseScope(options.scope);
  const file = await readModelFile(model);
  if (file.kind !== "graph") throw usageError(`"${model}" is compiled already: prune the model file`, model);
  const network = fromGraph(file.graph);
  const layers = layersOf(network, scope, method === "structured").map(({ name }) => name);
  const training = options.recipe === undefined ? null : readTraining(options.recipe, finetune);
  if (training === null && (finetune || method === "movement"))
    throw usageError("training needs data: name a recipe with --recipe", "--recipe");
  if (method === "movement" && !finetune)
    throw usageError("movement pruning watches the training: add --finetune", "--finetune");
  requireWritable(output);
  const dataset = training?.dataset ?? null;
  reporter.progress("measuring the network as it is");
  const before = stateOf(file, options, reporter, dataset);
  const pruned = pruneNetwork(network, {
    ...{ method, scope, share, rounds: iterations },
    ...(finetune && training !== null
      ? { finetune: { data: training.dataset.train, options: withProgress(training.options, reporter) } }
      : {}),
    onRound: (round) => {
      if (iterations > 1) reporter.progress(`round ${round} of ${iterations}`);
    },
  });
  const graph = toGraph(pruned, file.graph.name);
  reporter.progress("measuring the pruned network");
  const after = stateOf({ ...file, graph }, options, reporter, dataset);
  await writeAtomic(output, writeOnnx(graph));
  const result = { model: output, method, scope: options.scope, layers, amount: share, before, after };
  reporter.result(result, `${output}\n${pruneText(before, after)}`);
}

function stateOf(
  file: GraphFile,
  options: PruneCommandOptions,
  reporter: Reporter,
  dataset: Dataset | null,
): PrunedState {
  const { graph } = file;
  if (dataset === null)
    return { quality: null, costs: programCosts(compile(file, options, reporter).program) };
  const { test, inputShape } = dataset;
  const samples = [floatTensor([test.count, ...inputShape], test.inputs)];
  const { program } = compile(file, options, reporter, () => samples);
  return { quality: evaluate(graph, program, samples, test.targets), costs: programCosts(program) };
}
