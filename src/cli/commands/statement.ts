/** `statement`: what a proof says and does not say. */
import type { Command } from "commander";
import { certificateSecurity } from "../../engine/epoch/verifier/checkCertificate.ts";
import { planLayout } from "../../engine/keyLayout.ts";
import { openProof } from "../../engine/proofFile.ts";
import { type SecurityReport, securityReport } from "../../engine/security.ts";
import type { Statement } from "../../engine/statement.ts";
import { describeStatement } from "../../engine/statementText.ts";
import type { VerificationKey } from "../../engine/verificationKey.ts";
import { verifyWithKey } from "../../engine/verifier/verify.ts";
import { readBytes } from "../../files/readBytes.ts";
import { planInference } from "../../relations/inferencePlan.ts";
import { readCheckedKey } from "../checkedKey.ts";
import { keyBounds, keyBoundsText } from "../keyBounds.ts";
import { addCertificateOption, type CertificateOption } from "../options.ts";
import { type CommonOptions, EXIT_DONE, EXIT_INVALID, Reporter, usageError } from "../reporter.ts";
import { statementJson } from "../results.ts";

interface StatementOptions extends CommonOptions, CertificateOption {
  readonly key?: string;
  readonly security?: boolean;
}

export function configure(command: Command): void {
  addCertificateOption(command)
    .argument("<proof>", "proof file")
    .option("--key <file>", "verification key: checks the proof, lists what the key shows of hidden weights")
    .option("--security", "the bound of every round of the proof (needs --key)")
    .action(run);
}

async function run(proofPath: string, options: StatementOptions): Promise<void> {
  const reporter = new Reporter(options);
  if (options.security === true && options.key === undefined)
    throw usageError("--security needs --key: the parameters are in the verification key", "--security");
  const proof = readBytes(proofPath);
  const { statement } = openProof(proof);
  const text = describeStatement(statement);
  if (options.key === undefined) {
    const note = "This is what the proof claims. Whether it is valid, `tensorproof verify` says.";
    reporter.result({ checked: false, statement: statementJson(statement), text }, `${text}\n\n${note}`);
    return;
  }
  const checked = readCheckedKey(options.key, options);
  const verdict = checked.ok ? verifyWithKey(proof, checked.key) : checked;
  const bounds = checked.ok ? keyBounds(checked.key.key) : null;
  const report =
    options.security === true && checked.ok && verdict.ok ? security(statement, checked.key.key) : undefined;
  const inEpoch = statement.weightSlot?.certificates.some((byte) => byte !== 0) === true;
  const epoch =
    report !== undefined && checked.ok && inEpoch ? certificateSecurity(checked.key.key) : undefined;
  const note = verdict.ok
    ? "Checked with the given key: the proof is valid."
    : `NOT valid with the given key: ${verdict.error.code} (${verdict.error.where}).`;
  const sections = [
    text,
    ...(bounds === null ? [] : [keyBoundsText(bounds)]),
    ...(report === undefined ? [] : [securityTable("Bits of security, round by round", report)]),
    ...(epoch === undefined
      ? []
      : [securityTable("Bits of security of each certificate of the epoch, round by round", epoch)]),
    note,
  ];
  const object = {
    checked: true,
    ok: verdict.ok,
    ...(verdict.ok ? {} : { error: verdict.error }),
    statement: statementJson(statement),
    keyBounds: bounds,
    text,
    ...(report === undefined ? {} : { security: report }),
    ...(epoch === undefined ? {} : { certificateSecurity: epoch }),
  };
  reporter.result(object, sections.join("\n\n"));
  process.exitCode = verdict.ok ? EXIT_DONE : EXIT_INVALID;
}

function security(statement: Statement, key: VerificationKey): SecurityReport {
  const { plan } = planInference(key.program, statement.visibilities, statement.batch);
  return securityReport(plan, planLayout(plan, key.parameters));
}

function securityTable(title: string, { terms, bits, sumBits }: SecurityReport): string {
  const lines = terms.map(
    (term) => `  ${term.round.padEnd(32)} ${term.bits.toFixed(1).padStart(6)}   ${term.source}`,
  );
  return [
    title,
    ...lines,
    `  weakest round ${bits.toFixed(1)}, all rounds together ${sumBits.toFixed(1)}`,
  ].join("\n");
}
