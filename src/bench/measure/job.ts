/** What one process of a measurement is asked and what it answers, as JSON. */
import type { BackendCapabilities } from "../../backends/capabilities.ts";
import type { Evaluation } from "../../quant/evaluate.ts";
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
}

export interface AccuracyAnswer {
  readonly role: "accuracy";
  readonly accuracy: Evaluation;
}

export interface ProveAnswer {
  readonly role: "prove";
  readonly capabilities: BackendCapabilities;
  readonly quantiseMs: number;
  readonly compileMs: number;
  readonly setupMs: number;
  /** One value for each proof, the cold one first. */
  readonly witnessMs: readonly number[];
  readonly proveMs: readonly number[];
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
  readonly proofsVerified: number;
  readonly tamperedRefused: number;
  readonly securityBits: number;
  readonly peakBytes: number;
}

export type Answer = AccuracyAnswer | ProveAnswer | VerifyAnswer;

/** What a process writes to its standard output, one JSON object a line. */
export type Message =
  | { readonly step: string }
  | { readonly answer: Answer }
  | { readonly failure: { readonly code: string; readonly message: string; readonly resources: boolean } };

/** Files in the job's folder. */
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
}
