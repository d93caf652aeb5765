/** `compile`: model file → .tp */
import type { Command } from "commander";
import { requireWritable, writeAtomic } from "../../files/atomicFile.ts";
import { serialiseProgram } from "../../program/programFile.ts";
import { programHash } from "../../program/programHash.ts";
import { compile, readModelFile } from "../models.ts";
import { type ModelOptions, renamed } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { hex } from "../results.ts";
import { type BudgetOptions, chosenText, compileWithin } from "../sweep/compileWithin.ts";
import { costOption, lossOption } from "../sweep/options.ts";

interface CompileCommandOptions extends CommonOptions, ModelOptions, BudgetOptions {
  readonly output?: string;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file (.onnx, .tflite, .h5, .msgpack)")
    .option("-o, --output <file>", "where the program goes (default: the model's name with .tp)")
    .option("--accuracy-loss <share>", "as cheap as a loss of at most this allows: 0.1%", lossOption)
    .option("--data <data>", "with --accuracy-loss: held-out samples")
    .option("--labels <labels>", "with --accuracy-loss: class numbers, or targets of a regression")
    .addOption(costOption())
    .action(run);
}

async function run(model: string, options: CompileCommandOptions): Promise<void> {
  const reporter = new Reporter(options);
  const output = options.output ?? renamed(model, ".tp");
  const isSearch = options.accuracyLoss !== undefined;
  const stray = (["data", "labels"] as const).find((name) => options[name] !== undefined);
  if (!isSearch && stray !== undefined)
    throw usageError(`--${stray} serves --accuracy-loss: name a loss, or leave it out`, `--${stray}`);
  const file = await readModelFile(model, options);
  if (file.kind !== "graph") throw usageError(`"${model}" is compiled already`, model);
  requireWritable(output);
  const started = performance.now();
  file.compiler.checkGraph(file.graph);
  const searched = isSearch ? compileWithin(file.graph, options, reporter) : null;
  const { program, report } = searched ?? compile(file, options, reporter);
  const bytes = serialiseProgram(program);
  const compileMs = performance.now() - started;
  await writeAtomic(output, bytes);
  const hash = hex(programHash(program));
  const ranges = report.inputRanges.map(({ lo, hi }) => `[${lo}, ${hi}]`).join(", ");
  const chosen = searched === null ? {} : { chosen: searched.chosen };
  const result = {
    program: output,
    programHash: hash,
    programBytes: bytes.length,
    compileMs,
    report,
    ...chosen,
  };
  reporter.result(
    result,
    `${output}: ${bytes.length} bytes, program hash ${hash}\n` +
      `declared input range ${ranges} (${report.inputRangeSource}); it is public` +
      (report.activationBits === null ? "" : `\nactivations of ${report.activationBits} bits`) +
      (searched === null ? "" : `\n${chosenText(searched.chosen)}`),
  );
}
