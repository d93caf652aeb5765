/** `evaluate`: quality on labelled data, float against integer. */
import type { Command } from "commander";
import { checkGraph } from "../../graph/check.ts";
import type { Program } from "../../program/program.ts";
import { evaluate } from "../../quant/evaluate.ts";
import type { Evaluation } from "../../quant/predictions.ts";
import { readTargets } from "../heldOut.ts";
import { programInputs, readSamples } from "../inputs.ts";
import { compile, readModelFile } from "../models.ts";
import type { ModelOptions } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";

interface EvaluateOptions extends CommonOptions, ModelOptions {
  readonly data: string;
  readonly labels: string;
  readonly program?: string;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file (.onnx, .tflite, .h5, .msgpack)")
    .requiredOption("--data <data>", "samples (.npy, .npz, .json, .csv, idx)")
    .requiredOption("--labels <labels>", "class numbers, or targets of a regression (.npy, .csv, .json, idx)")
    .option("--program <file>", "the compiled program (.tp) to compare with; default: compiled here")
    .action(run);
}

async function run(model: string, options: EvaluateOptions): Promise<void> {
  const reporter = new Reporter(options);
  const file = await readModelFile(model);
  if (file.kind !== "graph") {
    throw usageError(
      "evaluate compares with floating point, so it needs the model file; --program names a compiled one",
      model,
    );
  }
  const { graph } = file;
  checkGraph(graph);
  const labels = readTargets(graph, options.labels);
  const program =
    options.program === undefined
      ? compile(file, options, reporter, () => readSamples(options.data, graph.inputs, options)).program
      : await readProgram(options.program);
  // Named as in the graph, with what the program says about bytes.
  const inputs = programInputs(program).map((input, i) => ({ ...input, name: graph.inputs[i].name }));
  const samples = readSamples(options.data, inputs, options);
  const count = samples[0].shape[0];
  reporter.progress(`running ${count} samples in floats and in integers`);
  const evaluation = evaluate(graph, program, samples, labels, tenths(count, reporter));
  reporter.result(evaluation, text(evaluation));
}

async function readProgram(path: string): Promise<Program> {
  const file = await readModelFile(path);
  if (file.kind === "graph") throw usageError(`"${path}" is no compiled program (.tp)`, "--program");
  return file.kind === "program" ? file.program : file.key.program;
}

/** Reports every tenth of what takes a while. */
function tenths(count: number, reporter: Reporter): (done: number) => void {
  let reported = 0;
  return (done) => {
    const tenth = Math.floor((10 * done) / count);
    if (tenth === reported || tenth === 10) return;
    reported = tenth;
    reporter.progress(`${done} of ${count}`);
  };
}

function text({ count, float, integer, agreement, maxError }: Evaluation): string {
  const names = Object.keys(float) as (keyof typeof float)[];
  const lines = names.map(
    (name) => `${String(name).padEnd(10)} ${figure(float[name])} float, ${figure(integer[name])} integer`,
  );
  const same = agreement === null ? "" : `, the same class for ${(100 * agreement).toFixed(2)} %`;
  const error = maxError === null ? "" : `\nlargest error of a score: ${maxError.toPrecision(4)}`;
  return `${count} samples${same}\n${lines.join("\n")}${error}`;
}

function figure(value: number): string {
  return value.toPrecision(5).padStart(10);
}
