/** `run`: inference without a proof. */
import type { Command } from "commander";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { runGraph } from "../../graph/run.ts";
import { runProgram } from "../../program/interpreter.ts";
import {
  addClassNamesOption,
  type ClassNamesOption,
  rankedClasses,
  rankedText,
  readClassNames,
} from "../classNames.ts";
import {
  programInputs,
  programOf,
  programOutputs,
  quantiseSamples,
  readIntegerInputs,
  readModelFile,
  readSamples,
} from "../models.ts";
import { INPUT_FILES, type ModelOptions } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { outputsJson, tensorsText } from "../results.ts";

interface RunOptions extends CommonOptions, ModelOptions, ClassNamesOption {
  readonly input: string;
  readonly float?: boolean;
  readonly inputIntegers?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file, compiled program (.tp) or proving key")
    .requiredOption("--input <data>", INPUT_FILES)
    .option("--float", "run the model in floating point instead")
    .option("--input-integers", "the data holds the model's own integers")
    .action(run);
  addClassNamesOption(command);
}

async function run(model: string, options: RunOptions): Promise<void> {
  const reporter = new Reporter(options);
  const file = await readModelFile(model);
  if (options.float === true) {
    if (file.kind !== "graph")
      throw usageError("--float needs the model file: a compiled program has integers only", "--float");
    if (options.inputIntegers === true)
      throw usageError("--float and --input-integers exclude each other", "--float");
    runFloat(file.graph, options, reporter);
    return;
  }
  const graphInputs = file.kind === "graph" ? file.graph.inputs : [];
  const integersGiven = options.inputIntegers === true;
  const fitted = integersGiven ? undefined : () => readSamples(options.input, graphInputs, options);
  const program = programOf(file, options, reporter, fitted);
  const { inputs, batch } = integersGiven
    ? readIntegerInputs(options.input, program)
    : quantiseSamples(program, readSamples(options.input, programInputs(program), options));
  const classes = readClassNames(options, programOutputs(program));
  const started = performance.now();
  const { outputs } = runProgram(program, inputs, batch);
  const runMs = performance.now() - started;
  const shown = outputsJson(program, outputs, batch);
  const integers = shown.map((tensor) => tensor.integers);
  const top = rankedClasses(classes, shown);
  reporter.result({ runMs, outputs: shown, integers, top }, tensorsText(shown) + rankedText(top));
}

function runFloat(graph: Graph, options: RunOptions, reporter: Reporter): void {
  checkGraph(graph);
  const samples = readSamples(options.input, graph.inputs, options);
  const classes = readClassNames(options, graph.outputs);
  const started = performance.now();
  const results = runGraph(graph, samples);
  const runMs = performance.now() - started;
  const outputs = graph.outputs.flatMap(({ name }) => {
    const tensor = results.get(name);
    return tensor === undefined ? [] : [{ name, shape: [...tensor.shape], data: Array.from(tensor.data) }];
  });
  const top = rankedClasses(classes, outputs);
  reporter.result({ runMs, outputs, top }, tensorsText(outputs) + rankedText(top));
}
