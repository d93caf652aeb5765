/** What one process of a measurement is asked and what it answers, as JSON. */

import type { BackendCapabilities } from "../../backends/capabilities.ts";
import type { StepTimes } from "../../backends/proofBackend.ts";
import type { Evaluation } from "../../quant/predictions.ts";
import type { MeasurementSettings, SuiteModel } from "../suite.ts";

export type Role = "accuracy" | "prove" | "verify";
export const ROLES: readonly Role[] = ["accuracy", "prove", "verify"];

export interface Job {
  readonly role: Role;
  readonly model: SuiteModel;
  readonly backend: string;
  readonly settings: MeasurementSettings;
  /** Where the prover leaves keys and proofs for the verifier. */
  readonly folder: string;
  /** Of the backend, as the prover told; null before. */
  readonly arithmetic: BackendCapabilities["arithmetic"] | null;
}

export interface AccuracyAnswer {
  readonly role: "accuracy";
  readonly accuracy: Evaluation;
  /** Of the integer weights; null where the program has none. */
  readonly zeroWeightShare: number | null;
}

export interface ProveAnswer {
  readonly role: "prove";
  readonly capabilities: BackendCapabilities;
  readonly quantiseMs: number;
  readonly compileMs: number;
  readonly setupMs: number;
  readonly setupCpuMs: number;
  /** Milliseconds by the backend's own steps. */
  readonly setupSteps: StepTimes;
  /** One value for each proof, the cold one first. */
  readonly witnessMs: readonly number[];
  readonly proveMs: readonly number[];
  /** Witness and proof together. */
  readonly proveCpuMs: readonly number[];
  readonly proofBytes: number;
  readonly provingKeyBytes: number;
  readonly verificationKeyBytes: number;
  readonly parameters: number;
  readonly multiplyAccumulates: number;
  readonly size: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly peakBytes: number;
}

export interface VerifyAnswer {
  readonly role: "verify";
  /** One value for each proof, the cold one first. */
  readonly verifyMs: readonly number[];
  readonly verifyCpuMs: readonly number[];
  readonly proofsVerified: number;
  readonly tamperedRefused: number;
  readonly securityBits: number;
  readonly peakBytes: number;
}

export type Answer = AccuracyAnswer | ProveAnswer | VerifyAnswer;

/** What a prover knows before it is done, and a row that fails keeps. */
export interface Known {
  readonly capabilities?: BackendCapabilities;
  readonly compileMs?: number;
  readonly size?: Readonly<Record<string, number>>;
  readonly setupMs?: number;
  readonly setupCpuMs?: number;
}

/** What a process writes to its standard output, one JSON object a line. */
export type Message =
  | { readonly step: string }
  | { readonly known: Known }
  | { readonly answer: Answer }
  | { readonly failure: { readonly code: string; readonly message: string; readonly resources: boolean } };

/** Files in the job's folder. */
export const PROVING_KEY_FILE = "proving.key";
export const VERIFICATION_KEY_FILE = "verification.key";
export const EXPECTED_FILE = "expected.json";

export function proofFile(index: number): string {
  return `${index}.proof`;
}

/** What the verifier compares proofs with. */
export interface Expected {
  readonly proofs: number;
  /** By output; null where outputs are not public. */
  readonly outputs: readonly (readonly number[])[] | null;
  /** By output, of a backend with an arithmetic of its own; else null. */
  readonly reals: readonly (readonly number[])[] | null;
}
