/** `export`: a program in the language of another tool. */
import { dirname, join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { circomInput, circomProject } from "../../backends/circom/circomProject.ts";
import { noirExport, noirInput } from "../../backends/noir/noirExport.ts";
import { requireWritableFolder, writeTogether } from "../../files/atomicFile.ts";
import type { Program } from "../../program/program.ts";
import { type ModelFile, programOf, readModelFile, readProgramAndInputs } from "../models.ts";
import { type InputOptions, type ModelOptions, renamed, wholeNumber } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";

interface ExportOptions extends CommonOptions, ModelOptions, Partial<InputOptions> {
  readonly to: Target;
  readonly output?: string;
  readonly publicInput?: boolean;
}

const TARGETS = ["circom", "noir"] as const;
type Target = (typeof TARGETS)[number];

function targetOption(text: string): Target {
  const target = TARGETS.find((known) => known === text);
  if (target === undefined) throw new InvalidArgumentError("Expected circom or noir.");
  return target;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file or compiled program (.tp)")
    .requiredOption("--to <language>", "circom or noir: circuit, weights, input and scripts", targetOption)
    .option(
      "-o, --output <folder>",
      "where the project goes (default: the model's name with .circom or .noir)",
    )
    .option("--input <data>", "a sample for input.json or Prover.toml; left out, the project has none")
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

interface ExportedProject {
  /** Text by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
}

function projectOf(program: Program, inputs: Chosen["inputs"], options: ExportOptions): ExportedProject {
  const input = options.publicInput === true ? "public" : "private";
  const project = options.to === "noir" ? noirExport(program, { input }) : circomProject(program, { input });
  if (inputs === null) return project;
  const sample =
    options.to === "noir"
      ? (["Prover.toml", noirInput(project, inputs)] as const)
      : (["input.json", circomInput(project, inputs)] as const);
  return { ...project, files: new Map([...project.files, sample]) };
}

async function run(model: string, options: ExportOptions): Promise<void> {
  const reporter = new Reporter(options);
  const folder = options.output ?? renamed(model, `.${options.to}`);
  const { program, inputs } = choose(await readModelFile(model), options, reporter);
  const { files, inputNames, outputNames } = projectOf(program, inputs, options);
  const paths = [...files.keys()].map((path) => join(folder, path));
  for (const path of new Set(paths.map(dirname))) requireWritableFolder(path);
  const encoder = new TextEncoder();
  await writeTogether(
    [...files].map(([path, text]) => ({ path: join(folder, path), bytes: encoder.encode(text) })),
  );
  reporter.result(
    { folder, files: [...files.keys()], inputs: inputNames, outputs: outputNames },
    `${folder}: ${files.size} files; README.md says how to compile, set up, prove and verify`,
  );
}
