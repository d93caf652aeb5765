/** `prove`: a proof of what a model says about inputs. */
import type { Command } from "commander";
import type { ProveResult } from "../../engine/prover/nativeProver.ts";
import { requireWritable, writeTogether } from "../../files/atomicFile.ts";
import type { Program } from "../../program/program.ts";
import type { Visibilities } from "../../relations/visibility.ts";
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
import { programOutputs } from "../inputs.ts";
import {
  addMaxMemoryOption,
  forecast,
  forecastText,
  type MaxMemoryOption,
  requireMemory,
} from "../maxMemory.ts";
import { readModelFile, readProgramAndInputs } from "../models.ts";
import { addInputOptions, type InputOptions, type ModelOptions, parseVisibility } from "../options.ts";
import { proveWithCache, proveWithKey } from "../proving.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { outputsJson, statementJson, tensorsText } from "../results.ts";

interface ProveCommandOptions
  extends CommonOptions,
    ModelOptions,
    InputOptions,
    ClassNamesOption,
    MaxMemoryOption {
  readonly output: string;
  readonly visibility?: string;
  readonly context?: string;
  readonly backend: string;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "proving key, compiled program (.tp) or model file")
    .option("--visibility <who>", "default: input=private,weights=private,output=public")
    .option("--context <text>", "text that the proof is bound to: a nonce, a user, a date")
    .option("--backend <name>", "proof system: native", "native")
    .option("-o, --output <file>", "where the proof goes", "out.proof")
    .action(run);
  addInputOptions(addClassNamesOption(command));
  addMaxMemoryOption(command);
}

async function run(model: string, options: ProveCommandOptions): Promise<void> {
  const reporter = new Reporter(options);
  const { output, threads = 1, backend } = options;
  if (backend !== "native") throw usageError(`there is no backend "${backend}"; use native`, "--backend");
  const { visibilities: asked, weightsGiven } = parseVisibility(options.visibility);
  const file = await readModelFile(model);
  const { program, inputs } = readProgramAndInputs(file, options, reporter);
  // A program without weights has none to hide, and proofs of it use nothing up.
  const isBare = !weightsGiven && program.constants.length === 0;
  const visibilities: Visibilities = isBare ? { ...asked, weights: "public" } : asked;
  const classes = readClassNames(options, programOutputs(program));
  requireWritable(output);
  const keyFile = file.kind === "key" ? null : `${output}.vk`;
  if (keyFile !== null) requireWritable(keyFile);
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
  await writeTogether([{ path: output, bytes: made.result.proof }, ...key]);
  report(reporter, { output, keyFile, program, batch: inputs.batch, result: made.result, estimate, classes });
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
