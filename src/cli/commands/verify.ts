/** `verify`: checks a proof, and values that someone claims it is about. */
import type { Command } from "commander";
import {
  type CertifiedData,
  checkDataCertificate,
  checkLink,
  type LinkEnd,
} from "../../engine/epoch/verifier/checkLink.ts";
import { type Verdict, verifyWithKey } from "../../engine/verifier/verify.ts";
import type { VerificationFailure } from "../../errors/proofError.ts";
import { readBytes } from "../../files/readBytes.ts";
import type { ProgramStructure } from "../../program/programStructure.ts";
import type { Samples } from "../../quant/compileOptions.ts";
import { addBackendOption, type BackendOption } from "../backends/options.ts";
import { readCheckedKey } from "../checkedKey.ts";
import { type Claims, differingClaim, refuse } from "../claims.ts";
import {
  addClassNamesOption,
  type ClassNamesOption,
  rankedClasses,
  rankedText,
  readClassNames,
} from "../classNames.ts";
import { type NamedTensor, programInputs, programOutputs, readSamples } from "../inputs.ts";
import {
  addCertificateOption,
  addPixelOptions,
  type CertificateOption,
  type PixelOptions,
} from "../options.ts";
import { type CommonOptions, EXIT_DONE, Reporter, usageError } from "../reporter.ts";
import { publicValuesJson, statementJson, tensorsText } from "../results.ts";

interface VerifyOptions
  extends CommonOptions,
    PixelOptions,
    ClassNamesOption,
    CertificateOption,
    BackendOption {
  readonly key: string;
  readonly output?: string;
  readonly input?: string;
  readonly integers?: boolean;
  readonly inputFrom?: string;
  readonly inputFromKey?: string;
  readonly inputFromCertificate?: readonly string[];
  readonly dataCertificate?: readonly string[];
}

export function configure(command: Command): void {
  command
    .argument("<proof>", "proof file")
    .requiredOption("--key <file>", "verification key")
    .option("--output <data>", "outputs that the proof is claimed to be about")
    .option("--input <data>", "public inputs that the proof is claimed to be about")
    .option("--integers", "the data holds the model's own integers")
    .option("--input-from <proof>", "proof whose committed output this proof's committed input must be")
    .option("--input-from-key <file>", "verification key of that proof (default: the same)")
    .option("--input-from-certificate <files...>", "certificates of the epoch that that proof was made in")
    .option("--data-certificate <files...>", "certificates of data commitments that were renewed in between")
    .action(run);
  addPixelOptions(addClassNamesOption(addCertificateOption(addBackendOption(command))));
}

async function run(proofPath: string, options: VerifyOptions): Promise<void> {
  if (options.backend !== "native") return verifyElsewhere(proofPath, options);
  const reporter = new Reporter(options);
  const proof = readBytes(proofPath);
  const keyStarted = performance.now();
  const key = readCheckedKey(options.key, options);
  const keyMs = performance.now() - keyStarted;
  const given = key.ok ? readGiven(key.key.key.program, options) : { input: null, output: null };
  const started = performance.now();
  const verdict: Verdict = key.ok ? verifyWithKey(proof, key.key) : key;
  const verifyMs = performance.now() - started;
  const times = { verifyMs, keyMs };
  if (!verdict.ok) {
    refuse(reporter, times, verdict.error);
    return;
  }
  const { statement } = verdict;
  const mismatch =
    differingClaim(statement, given, options.integers === true) ??
    (key.ok ? linkFailure({ statement, key: key.key, side: "input" }, options) : null);
  if (mismatch !== null) {
    refuse(reporter, times, mismatch, statement);
    return;
  }
  const outputs = publicValuesJson(statement.outputs, statement.batch);
  const inputs = publicValuesJson(statement.inputs, statement.batch);
  const classes = outputs.length === 0 ? undefined : readClassNames(options, statement.outputs);
  const top = rankedClasses(classes, outputs);
  const shown = tensorsText([...inputs, ...outputs]) + rankedText(top);
  reporter.result(
    { ok: true, ...times, outputs, top, inputs, statement: statementJson(statement) },
    `valid (${verifyMs.toFixed(1)} ms, key ${keyMs.toFixed(1)} ms)${shown === "" ? "" : `\n${shown}`}`,
  );
  process.exitCode = EXIT_DONE;
}

/** @throws TensorproofError `usage` for what only the native backend can */
async function verifyElsewhere(proof: string, options: VerifyOptions): Promise<void> {
  const own = ["certificate", "inputFrom", "dataCertificate", "classNames"] as const;
  const foreign = own.find((name) => options[name] !== undefined);
  if (foreign !== undefined) throw usageError(`${foreign} is for the native backend alone`, foreign);
  const { verifyWith } = await import("../backends/verifyWith.ts");
  return verifyWith(proof, options);
}

/** Null if the input is the output of the proof that is named, or none is. */
function linkFailure(to: LinkEnd, options: VerifyOptions): VerificationFailure | null {
  if (options.inputFrom === undefined) return null;
  const proof = readBytes(options.inputFrom);
  const from =
    options.inputFromKey === undefined
      ? null
      : readCheckedKey(options.inputFromKey, { certificate: options.inputFromCertificate ?? [] });
  if (from !== null && !from.ok) return from.error;
  const key = from === null ? to.key : from.key;
  const verdict = verifyWithKey(proof, key);
  if (!verdict.ok) return { ...verdict.error, where: `${options.inputFrom}: ${verdict.error.where}` };
  const certified: CertifiedData[] = [];
  for (const path of options.dataCertificate ?? []) {
    const certificate = readBytes(path);
    const own = checkDataCertificate(certificate, to.key);
    const checked = own.ok ? own : checkDataCertificate(certificate, key);
    if (!checked.ok) return { ...checked.error, where: `${path}: ${checked.error.where}` };
    certified.push(checked.data);
  }
  const link = checkLink({ statement: verdict.statement, key, side: "output" }, to, certified);
  return link.ok ? null : link.error;
}

/** The values to compare with; bytes are integers as they are where the data is said to hold integers. */
function readGiven(program: ProgramStructure, options: VerifyOptions): Claims {
  const pixels = options.integers === true ? { ...options, rawBytes: true } : options;
  const read = (path: string | undefined, tensors: NamedTensor[]): Samples | null =>
    path === undefined ? null : readSamples(path, tensors, pixels);
  return {
    input: read(options.input, programInputs(program)),
    output: read(options.output, programOutputs(program)),
  };
}
