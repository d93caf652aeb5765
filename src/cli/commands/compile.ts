/** `compile`: model file → .tp */
import type { Command } from "commander";
import { requireWritable, writeAtomic } from "../../files/atomicFile.ts";
import { serialiseProgram } from "../../program/programFile.ts";
import { programHash } from "../../program/programHash.ts";
import { compile, readModelFile } from "../models.ts";
import { type ModelOptions, renamed } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { hex } from "../results.ts";

interface CompileCommandOptions extends CommonOptions, ModelOptions {
  readonly output?: string;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file (.onnx, .tflite, .h5, .msgpack)")
    .option("-o, --output <file>", "where the program goes (default: the model's name with .tp)")
    .action(run);
}

async function run(model: string, options: CompileCommandOptions): Promise<void> {
  const reporter = new Reporter(options);
  const output = options.output ?? renamed(model, ".tp");
  const file = await readModelFile(model, options);
  if (file.kind !== "graph") throw usageError(`"${model}" is compiled already`, model);
  requireWritable(output);
  const started = performance.now();
  const { program, report } = compile(file, options, reporter);
  const bytes = serialiseProgram(program);
  const compileMs = performance.now() - started;
  await writeAtomic(output, bytes);
  const hash = hex(programHash(program));
  const ranges = report.inputRanges.map(({ lo, hi }) => `[${lo}, ${hi}]`).join(", ");
  const result = { program: output, programHash: hash, programBytes: bytes.length, compileMs, report };
  reporter.result(
    result,
    `${output}: ${bytes.length} bytes, program hash ${hash}\n` +
      `declared input range ${ranges} (${report.inputRangeSource}); it is public` +
      (report.activationBits === null ? "" : `\nactivations of ${report.activationBits} bits`),
  );
}
