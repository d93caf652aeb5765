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
import { onlySample, programOutputs, readSamples } from "../inputs.ts";
import { readModelFile, readProgramAndInputs } from "../models.ts";
import { addInputOptions, type InputOptions, type ModelOptions } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { outputsJson, tensorsText } from "../results.ts";

interface RunOptions extends CommonOptions, ModelOptions, InputOptions, ClassNamesOption {
  readonly float?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file, compiled program (.tp) or proving key")
    .option("--float", "run the model in floating point instead")
    .action(run);
  addInputOptions(addClassNamesOption(command));
}

async function run(model: string, options: RunOptions): Promise<void> {
  const reporter = new Reporter(options);
  const file = await readModelFile(model, options);
  if (options.float === true) {
    if (file.kind !== "graph")
      throw usageError("--float needs the model file: a compiled program has integers only", "--float");
    if (options.inputIntegers === true)
      throw usageError("--float and --input-integers exclude each other", "--float");
    runFloat(file.graph, options, reporter);
    return;
  }
  const { program, inputs: given } = readProgramAndInputs(file, options, reporter);
  const { inputs, batch } = given;
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
  const samples = onlySample(readSamples(options.input, graph.inputs, options), options.sample);
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
