/** One measurement: its processes one after another, and the row that they give. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackendCapabilities } from "../backends/capabilities.ts";
import type { AccuracyAnswer, Answer, Job, Known, ProveAnswer, Role, VerifyAnswer } from "./measure/job.ts";
import { median } from "./median.ts";
import type { FailedPart, MeasuredPart, RowFailure } from "./results.ts";
import { type RoleRun, runRole } from "./runRole.ts";
import type { MeasurementSettings, SuiteModel } from "./suite.ts";

export interface Measurement {
  readonly model: SuiteModel;
  readonly backend: string;
  readonly settings: MeasurementSettings;
}

export type RowOutcome =
  | {
      readonly kind: "row";
      readonly part: MeasuredPart | FailedPart;
      readonly capabilities: BackendCapabilities | null;
    }
  | { readonly kind: "aborted" };

interface Answers {
  accuracy: AccuracyAnswer | null;
  prove: ProveAnswer | null;
  verify: VerifyAnswer | null;
}

/** @throws what the file system throws where no temporary folder can be made */
export async function measureRow(measurement: Measurement, run: RoleRun): Promise<RowOutcome> {
  const folder = mkdtempSync(join(tmpdir(), "tensorproof-bench-"));
  try {
    return await measureIn(folder, measurement, run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureIn(
  folder: string,
  { model, backend, settings }: Measurement,
  run: RoleRun,
): Promise<RowOutcome> {
  const roles: Role[] = ["prove", "verify", ...(model.labels === undefined ? [] : (["accuracy"] as const))];
  const answers: Answers = { accuracy: null, prove: null, verify: null };
  for (const role of roles) {
    const arithmetic = answers.prove?.capabilities.arithmetic ?? null;
    const job: Job = { role, model, backend, settings, folder, arithmetic };
    const outcome = await runRole(job, run);
    if (outcome.kind === "aborted") return outcome;
    if (outcome.kind === "failure") {
      const known = { ...answers.prove, ...outcome.known };
      return {
        kind: "row",
        part: failed(outcome.failure, known),
        capabilities: known.capabilities ?? null,
      };
    }
    keep(answers, outcome.answer, outcome.sampledPeakBytes);
  }
  const { prove, verify, accuracy } = answers as Answers & { prove: ProveAnswer; verify: VerifyAnswer };
  return { kind: "row", part: measured(prove, verify, accuracy, settings), capabilities: prove.capabilities };
}

function failed(failure: RowFailure, known: Known): FailedPart {
  const { size = null, compileMs = null, setupMs = null, setupCpuMs = null } = known;
  const outcome = failure.kind === "missing" ? "skipped" : "failed";
  return { outcome, failure, known: { size, compileMs, setupMs, setupCpuMs } };
}

/** Memory of helpers that a process started counts too, as far as it was seen. */
function keep(answers: Answers, answer: Answer, sampledPeakBytes: number): void {
  if (answer.role === "accuracy") answers.accuracy = answer;
  else if (answer.role === "prove")
    answers.prove = { ...answer, peakBytes: Math.max(answer.peakBytes, sampledPeakBytes) };
  else answers.verify = { ...answer, peakBytes: Math.max(answer.peakBytes, sampledPeakBytes) };
}

function measured(
  prove: ProveAnswer,
  verify: VerifyAnswer,
  accuracy: AccuracyAnswer | null,
  { warmUps }: MeasurementSettings,
): MeasuredPart {
  const warm = (values: readonly number[]): number => median(values.slice(warmUps));
  const { setupCpuMs, proveCpuMs } = prove;
  const { quantiseMs, compileMs, setupMs, witnessMs, proveMs, proofBytes, provingKeyBytes } = prove;
  const { verificationKeyBytes, parameters, multiplyAccumulates, size, warnings } = prove;
  return {
    outcome: "measured",
    figures: {
      ...{ quantiseMs, compileMs, setupMs, proofBytes, provingKeyBytes, verificationKeyBytes },
      ...{ parameters, multiplyAccumulates },
      witnessMs: warm(witnessMs),
      proveColdMs: proveMs[0],
      proveMs: warm(proveMs),
      setupCpuMs,
      proveCpuMs: warm(proveCpuMs),
      verifyCpuMs: warm(verify.verifyCpuMs),
      verifyColdMs: verify.verifyMs[0],
      verifyMs: warm(verify.verifyMs),
      proverPeakBytes: prove.peakBytes,
      verifierPeakBytes: verify.peakBytes,
      securityBits: verify.securityBits,
    },
    samples: { witnessMs, proveMs, proveCpuMs, verifyMs: verify.verifyMs, verifyCpuMs: verify.verifyCpuMs },
    setupSteps: prove.setupSteps,
    size,
    accuracy: accuracy?.accuracy ?? null,
    zeroWeightShare: accuracy?.zeroWeightShare ?? null,
    guards: {
      outputDependsOnInput: true,
      proofsVerified: verify.proofsVerified,
      tamperedRefused: verify.tamperedRefused,
    },
    warnings,
  };
}
