/** `verify`: checks a proof, and values that someone claims it is about. */
import type { Command } from "commander";
import {
  type CertifiedData,
  checkDataCertificate,
  checkLink,
  type LinkEnd,
} from "../../engine/epoch/verifier/checkLink.ts";
import type { Statement, StatementValue } from "../../engine/statement.ts";
import { type Verdict, verifyWithKey } from "../../engine/verifier/verify.ts";
import type { VerificationFailure } from "../../errors/proofError.ts";
import { readBytes } from "../../files/readBytes.ts";
import type { ProgramStructure } from "../../program/programStructure.ts";
import type { Samples } from "../../quant/compileOptions.ts";
import { elementCount } from "../../tensor/shape.ts";
import { readCheckedKey } from "../checkedKey.ts";
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
import { type CommonOptions, EXIT_DONE, EXIT_INVALID, Reporter } from "../reporter.ts";
import { publicValuesJson, statementJson, tensorsText } from "../results.ts";

interface VerifyOptions extends CommonOptions, PixelOptions, ClassNamesOption, CertificateOption {
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
  addPixelOptions(addClassNamesOption(addCertificateOption(command)));
}

async function run(proofPath: string, options: VerifyOptions): Promise<void> {
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
    (given.output === null ? null : compare("output", statement, given.output, options.integers === true)) ??
    (given.input === null ? null : compare("input", statement, given.input, options.integers === true)) ??
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
function readGiven(
  program: ProgramStructure,
  options: VerifyOptions,
): { readonly input: Samples | null; readonly output: Samples | null } {
  const pixels = options.integers === true ? { ...options, rawBytes: true } : options;
  const read = (path: string | undefined, tensors: NamedTensor[]): Samples | null =>
    path === undefined ? null : readSamples(path, tensors, pixels);
  return {
    input: read(options.input, programInputs(program)),
    output: read(options.output, programOutputs(program)),
  };
}

function refuse(
  reporter: Reporter,
  times: { readonly verifyMs: number; readonly keyMs: number },
  error: VerificationFailure,
  statement?: Statement,
): void {
  const { code, where } = error;
  const values =
    statement === undefined
      ? { outputs: [], statement: null }
      : {
          outputs: publicValuesJson(statement.outputs, statement.batch),
          statement: statementJson(statement),
        };
  reporter.result(
    { ok: false, ...times, error: { code, where }, ...values },
    `NOT valid: ${code} (${where})`,
  );
  process.exitCode = EXIT_INVALID;
}

/** Null if the data agrees with the statement's public values, each within half a step of the declared scale. */
function compare(
  kind: "input" | "output",
  statement: Statement,
  samples: Samples,
  integers: boolean,
): VerificationFailure | null {
  const values = kind === "input" ? statement.inputs : statement.outputs;
  const code = `statement.${kind}`;
  if (values.some((value) => value.values === null)) {
    return { code, where: `the proof does not make its ${kind}s public, so they cannot be compared` };
  }
  for (const [i, value] of values.entries()) {
    const place = `${kind} "${value.name}"`;
    const expected = value.values as Int32Array;
    const { data } = samples[i];
    if (data.length !== expected.length) {
      const size = elementCount(value.shape);
      const where = `${place}: ${data.length / size} samples given, the proof has ${statement.batch}`;
      return { code, where };
    }
    const index = data.findIndex((x, j) => !agrees(value, expected[j], x, integers));
    if (index >= 0) return { code, where: `${place}: element ${index} differs` };
  }
  return null;
}

function agrees({ quant }: StatementValue, integer: number, given: number, integers: boolean): boolean {
  if (integers) return given === Math.fround(integer);
  const proven = quant.scale * (integer - quant.zeroPoint);
  // Data files come in single precision.
  return Math.abs(given - proven) <= quant.scale / 2 + Math.abs(proven) * 2 ** -23;
}
