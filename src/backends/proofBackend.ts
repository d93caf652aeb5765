/**
 * One interface for all proof systems. A Program is compiled into a circuit; the circuit is set up once and run for each
 * input; a run is proven; proof and verification key, both bytes, give a verdict. Every step can happen in another
 * process: keys and proofs are bytes, and a circuit is compiled the same every time.
 */
import type { Statement } from "../engine/statement.ts";
import type { VerificationFailure } from "../errors/proofError.ts";
import type { Program } from "../program/program.ts";
import type { Visibilities } from "../relations/visibility.ts";
import type { BackendCapabilities } from "./capabilities.ts";

export const BACKEND_NAMES = ["native", "groth16", "plonk", "fflonk"] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** Milliseconds by the name of the step. */
export type StepTimes = Readonly<Record<string, number>>;

export interface BackendOptions {
  /** Threads that compute, where the backend can be told. */
  readonly threads?: number;
  /** Proofs that a native commitment to hidden weights must bear. */
  readonly proofs?: number;
  /** A step that begins. */
  readonly onStep?: (step: string) => void;
}

export interface CompileRequest {
  readonly visibilities: Visibilities;
  /** Samples of one proof. */
  readonly batch: number;
}

/** Where the structured reference string comes from. */
export type TrustedSetup =
  | { readonly kind: "ptau"; readonly bytes: Uint8Array }
  /** Made by this process: whoever runs it can forge. For benchmarks and tests. */
  | { readonly kind: "insecure" };

export interface SetupRequest {
  /** Needed where `capabilities.trustedSetup` is not `none`. */
  readonly trustedSetup?: TrustedSetup;
}

/** What setup makes and is kept. */
export interface KeyPair {
  readonly provingKey: Uint8Array;
  readonly verificationKey: Uint8Array;
}

export interface BackendKeys extends KeyPair {
  readonly times: StepTimes;
  /** What the reader of any figure must know about these keys; empty where there is nothing. */
  readonly warnings: readonly string[];
}

export interface BackendProof {
  readonly proof: Uint8Array;
  /** Bytes of the proof system's own part, without statement and framing. */
  readonly payloadBytes: number;
  readonly times: StepTimes;
}

export interface RunRequest {
  /** By input of the program, batch · size integers each. */
  readonly inputs: readonly Int32Array[];
  /** Bound by the proof; at most 4096 bytes. */
  readonly context?: Uint8Array;
}

/** One run of the circuit, ready to be proven. Secret. */
export interface BackendWitness {
  /** By output of the program, batch · size integers each. */
  readonly outputs: readonly Int32Array[];
  readonly times: StepTimes;
  /** @throws TensorproofError `budget.exhausted` */
  prove(): Promise<BackendProof>;
}

/** Counts that tell the size of a circuit: constraints, wires, terms, lookups – whatever the backend has. */
export type CircuitSize = Readonly<Record<string, number>>;

export interface BackendCircuit {
  readonly size: CircuitSize;
  readonly times: StepTimes;
  /** @throws TensorproofError `setup.*`, `backend.*` */
  setup(request?: SetupRequest): Promise<BackendKeys>;
  /** @throws TensorproofError `input.*`, `key.*` */
  witness(request: RunRequest, keys: KeyPair): Promise<BackendWitness>;
}

export type BackendVerdict =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly error: VerificationFailure };

export interface ProofBackend {
  readonly name: BackendName;
  readonly capabilities: BackendCapabilities;
  /** @throws TensorproofError `backend.unsupported` with all that it cannot do, `program.*` */
  compile(program: Program, request: CompileRequest): Promise<BackendCircuit>;
  /** A bad proof or key is a verdict, never an exception. */
  verify(proof: Uint8Array, verificationKey: Uint8Array): Promise<BackendVerdict>;
  /** Ends worker threads; the backend must not be used afterwards. */
  dispose(): Promise<void>;
}
