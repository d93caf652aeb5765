/** `export`: a program in the language of another tool. */
import { dirname, join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { circomInput, circomProject } from "../../backends/circom/circomProject.ts";
import { requireWritableFolder, writeTogether } from "../../files/atomicFile.ts";
import type { Program } from "../../program/program.ts";
import { type ModelFile, programOf, readModelFile, readProgramAndInputs } from "../models.ts";
import { type InputOptions, type ModelOptions, renamed, wholeNumber } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";

interface ExportOptions extends CommonOptions, ModelOptions, Partial<InputOptions> {
  readonly to: "circom";
  readonly output?: string;
  readonly publicInput?: boolean;
}

function targetOption(text: string): "circom" {
  if (text !== "circom") throw new InvalidArgumentError("Expected circom.");
  return text;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file or compiled program (.tp)")
    .requiredOption("--to <language>", "circom: circuit, templates, weights, input and scripts", targetOption)
    .option("-o, --output <folder>", "where the project goes (default: the model's name with .circom)")
    .option("--input <data>", "a sample for input.json; left out, the project has none")
    .option("--sample <n>", "one of many samples, counted from 0", wholeNumber)
    .option("--input-integers", "the data holds the model's own integers")
    .option("--public-input", "the circuit's input is public (default: private)")
    .action(run);
}

interface Chosen {
  readonly program: Program;
  /** By input of the program, one sample. */
  readonly inputs: readonly Int32Array[] | null;
}

function choose(file: ModelFile, options: ExportOptions, reporter: Reporter): Chosen {
  const { input, sample, inputIntegers } = options;
  if (input === undefined) {
    if (sample !== undefined || inputIntegers === true)
      throw usageError("--sample and --input-integers speak of --input, which is missing", "--input");
    return { program: programOf(file, options, reporter), inputs: null };
  }
  const { program, inputs: given } = readProgramAndInputs(file, { ...options, input }, reporter);
  if (given.batch !== 1)
    throw usageError(
      `the circuit takes one sample, the data holds ${given.batch}: choose with --sample`,
      "--sample",
    );
  return { program, inputs: given.inputs };
}

async function run(model: string, options: ExportOptions): Promise<void> {
  const reporter = new Reporter(options);
  const folder = options.output ?? renamed(model, ".circom");
  const { program, inputs } = choose(await readModelFile(model), options, reporter);
  const project = circomProject(program, { input: options.publicInput === true ? "public" : "private" });
  const files = new Map(project.files);
  if (inputs !== null) files.set("input.json", circomInput(project, inputs));
  const paths = [...files.keys()].map((path) => join(folder, path));
  for (const path of new Set(paths.map(dirname))) requireWritableFolder(path);
  const encoder = new TextEncoder();
  await writeTogether(
    [...files].map(([path, text]) => ({ path: join(folder, path), bytes: encoder.encode(text) })),
  );
  const { inputNames, outputNames } = project;
  reporter.result(
    { folder, files: [...files.keys()], inputs: inputNames, outputs: outputNames },
    `${folder}: ${files.size} files; README.md says how to compile, set up, prove and verify`,
  );
}
