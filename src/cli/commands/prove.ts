/** `prove`: a proof of what a model says about inputs. */
import type { Command } from "commander";
import type { ProveResult, SharedInput } from "../../engine/prover/nativeProver.ts";
import { requireWritable, writeTogether } from "../../files/atomicFile.ts";
import { dataCounterOf, readDataFile, writeDataFile } from "../../files/dataFiles.ts";
import type { Program } from "../../program/program.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { addBackendOption, type BackendOption } from "../backends/options.ts";
import { verifyInEpoch } from "../checkedKey.ts";
import {
  addClassNamesOption,
  type ClassNames,
  type ClassNamesOption,
  rankedClasses,
  rankedText,
  readClassNames,
} from "../classNames.ts";
import type { Estimate } from "../estimate.ts";
import { type IntegerInputs, programOutputs } from "../inputs.ts";
import {
  addMaxMemoryOption,
  forecast,
  forecastText,
  type MaxMemoryOption,
  requireMemory,
} from "../maxMemory.ts";
import { type ModelFile, programOf, readModelFile, readProgramAndInputs } from "../models.ts";
import { addInputOptions, type InputOptions, type ModelOptions, parseVisibility } from "../options.ts";
import { proveWithCache, proveWithKey } from "../proving.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { outputsJson, statementJson, tensorsText } from "../results.ts";

interface ProveCommandOptions
  extends CommonOptions,
    ModelOptions,
    Partial<InputOptions>,
    ClassNamesOption,
    MaxMemoryOption,
    BackendOption {
  readonly keys?: string;
  readonly output: string;
  readonly visibility?: string;
  readonly context?: string;
  readonly inputCommitment?: string;
  readonly outputCommitment?: string;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "proving key, compiled program (.tp) or model file")
    .option("--visibility <who>", "default: input=private,weights=private,output=public")
    .option("--context <text>", "text that the proof is bound to: a nonce, a user, a date")
    .option("--keys <folder>", "other backends: where `setup` put their keys")
    .option("-o, --output <file>", "where the proof goes", "out.proof")
    .option(
      "--input-commitment <file>",
      "reads the inputs from a commitment, which `commit` or another proof made",
    )
    .option("--output-commitment <file>", "keeps the commitment to the outputs (secret) for further proofs")
    .action(run);
  addInputOptions(addClassNamesOption(addBackendOption(command)), false);
  addMaxMemoryOption(command);
}

async function run(model: string, options: ProveCommandOptions): Promise<void> {
  if (options.backend !== "native") return proveElsewhere(model, options);
  if (options.keys !== undefined)
    throw usageError("--keys is for other backends; name the proving key in place of the model", "--keys");
  const reporter = new Reporter(options);
  const { output, threads = 1 } = options;
  const { visibilities: asked, weightsGiven } = committedVisibilities(options);
  const file = await readModelFile(model, options);
  const { program, inputs, shared } = inputsOf(file, options, reporter);
  // A program without weights has none to hide, and proofs of it use nothing up.
  const isBare = !weightsGiven && program.constants.length === 0;
  const visibilities: Visibilities = isBare ? { ...asked, weights: "public" } : asked;
  const classes = readClassNames(options, programOutputs(program));
  requireWritable(output);
  const keyFile = file.kind === "key" ? null : `${output}.vk`;
  if (keyFile !== null) requireWritable(keyFile);
  if (options.outputCommitment !== undefined) requireWritable(options.outputCommitment);
  const estimate = forecast({
    program,
    visibilities,
    batch: inputs.batch,
    threads,
    verificationKey: file.kind === "key" ? file.key.verificationKey : null,
  });
  requireMemory(estimate, options);
  reporter.progress(`forecast: ${forecastText(estimate)}`);
  const request = {
    ...inputs,
    visibilities,
    ...(shared === undefined ? {} : { inputCommitment: shared }),
    ...(options.context === undefined ? {} : { context: new TextEncoder().encode(options.context) }),
  };
  const context = { reporter, threads };
  const made =
    file.kind === "key"
      ? proveWithKey({ key: file.key, path: model }, request, weightsGiven, context)
      : await proveWithCache(program, request, context);
  const { verificationKey, certificates } = made.key;
  const verdict = verifyInEpoch(made.result.proof, verificationKey, certificates);
  if (!verdict.ok) {
    const { code, where } = verdict.error;
    throw new Error(`the proof just made is refused (${code}, ${where}); it was not written`);
  }
  const key = keyFile === null ? [] : [{ path: keyFile, bytes: verificationKey }];
  const files = [{ path: output, bytes: made.result.proof }, ...key];
  const kept = made.result.committed.output;
  if (options.outputCommitment === undefined || kept === null) await writeTogether(files);
  else await writeDataFile(options.outputCommitment, kept, files);
  report(reporter, { output, keyFile, program, batch: inputs.batch, result: made.result, estimate, classes });
}

/** @throws TensorproofError `usage` for what only the native backend can */
async function proveElsewhere(model: string, options: ProveCommandOptions): Promise<void> {
  const own = ["inputCommitment", "outputCommitment", "classNames", "maxMemory"] as const;
  const foreign = own.find((name) => options[name] !== undefined);
  if (foreign !== undefined) throw usageError(`${foreign} is for the native backend alone`, foreign);
  const { proveWith } = await import("../backends/proveWith.ts");
  return proveWith(model, options);
}

/** Who sees what; inputs and outputs with a commitment file are committed unless the user says otherwise. */
function committedVisibilities(options: ProveCommandOptions): ReturnType<typeof parseVisibility> {
  const parsed = parseVisibility(options.visibility);
  const visibilities = { ...parsed.visibilities };
  for (const [side, path] of [
    ["input", options.inputCommitment],
    ["output", options.outputCommitment],
  ] as const) {
    if (path === undefined) continue;
    const chosen = parsed.chosen[side] ?? "committed";
    if (chosen !== "committed")
      throw usageError(`--${side}-commitment is for ${side}=committed, not ${chosen}`, "--visibility");
    visibilities[side] = chosen;
  }
  return { ...parsed, visibilities };
}

function inputsOf(
  file: ModelFile,
  options: ProveCommandOptions,
  reporter: Reporter,
): { program: Program; inputs: IntegerInputs; shared?: SharedInput } {
  const { input, inputCommitment: path } = options;
  if ((input === undefined) === (path === undefined))
    throw usageError("say where the inputs are: --input, or --input-commitment", "--input");
  if (input !== undefined) return readProgramAndInputs(file, { ...options, input }, reporter);
  const commitment = readDataFile(path as string);
  const [batch] = commitment.tensors[0].axes;
  const inputs = { inputs: commitment.tensors.map(({ values }) => values), batch };
  const slots = dataCounterOf(path as string, commitment);
  return { program: programOf(file, options, reporter), inputs, shared: { commitment, slots } };
}

interface Finished {
  readonly output: string;
  readonly keyFile: string | null;
  readonly program: Program;
  readonly batch: number;
  readonly result: ProveResult;
  readonly estimate: Estimate;
  readonly classes: ClassNames | undefined;
}

function report(reporter: Reporter, finished: Finished): void {
  const { output, keyFile, program, batch, result, estimate, classes } = finished;
  const { proof, statement, run: integers, witnessMs, proveMs } = result;
  const outputs = outputsJson(program, integers.outputs, batch);
  const top = rankedClasses(classes, outputs);
  const object = {
    proof: output,
    ...(keyFile === null ? {} : { verificationKey: keyFile }),
    witnessMs,
    proveMs,
    proofBytes: proof.length,
    estimate,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    outputs,
    top,
    statement: statementJson(statement),
  };
  const key = keyFile === null ? "" : `\nverification key: ${keyFile}`;
  const who: Visibilities = statement.visibilities;
  const seen = `input ${who.input}, weights ${who.weights}, output ${who.output}`;
  reporter.result(
    object,
    `${output}: ${proof.length} bytes, proved in ${Math.round(proveMs)} ms (${seen})${key}\n${tensorsText(outputs)}${rankedText(top)}`,
  );
}
