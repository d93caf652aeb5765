/**
 * One interface for all proof systems. A Program is compiled into a circuit; the circuit is set up once and run for each
 * input; a run is proven; proof and verification key, both bytes, give a verdict. Every step can happen in another
 * process: keys and proofs are bytes, and a circuit is compiled the same every time. One exception: hidden weights of the
 * native backend are proven in the process that set them up, because a commitment bears a counted number of proofs and
 * stored keys have their count beside them on disk, of which nothing here knows.
 */
import type { Statement } from "../engine/statement.ts";
import type { VerificationFailure } from "../errors/proofError.ts";
import type { Program } from "../program/program.ts";
import type { Visibilities } from "../relations/visibility.ts";
import type { BackendCapabilities } from "./capabilities.ts";

export const BACKEND_NAMES = ["native", "groth16", "plonk", "fflonk", "ultrahonk", "ezkl"] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** Milliseconds by the name of the step. */
export type StepTimes = Readonly<Record<string, number>>;

export interface BackendOptions {
  /** Threads that compute, where the backend can be told. */
  readonly threads?: number;
  /** Proofs that a native commitment to hidden weights must bear. */
  readonly proofs?: number;
  /** Milliseconds that a step in a child process may take before it is ended; an hour unless told. */
  readonly stepLimitMs?: number;
  /** A step that begins. */
  readonly onStep?: (step: string) => void;
}

/** The float model, for backends that quantise by themselves. */
export interface FloatSource {
  readonly onnx: Uint8Array;
  /** Name of the free batch axis in the file. */
  readonly batchAxis: string;
  /** By input, one or more samples one after the other: what scales are chosen by. */
  readonly calibration: readonly Float32Array[];
  /** What the backend is to spare. */
  readonly target: "resources" | "accuracy";
  /** One fixed-point scale of 2^−n for inputs and weights; null: the backend chooses by the calibration. */
  readonly fractionBits: number | null;
}

export interface CompileRequest {
  readonly visibilities: Visibilities;
  /** Samples of one proof. */
  readonly batch: number;
  /** Needed where `capabilities.arithmetic` is `own`. */
  readonly source?: FloatSource;
}

/** Where the structured reference string comes from. */
export type TrustedSetup =
  | { readonly kind: "ptau"; readonly bytes: Uint8Array }
  /** A reference string in the backend's own format. */
  | { readonly kind: "srs"; readonly bytes: Uint8Array }
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
  /** By output of the program, batch · size integers each; null where the backend computes by itself. */
  readonly outputs: readonly Int32Array[] | null;
  /** What the outputs stand for. */
  readonly reals: readonly Float64Array[];
  readonly times: StepTimes;
  /** @throws TensorproofError `budget.exhausted`, `budget.missing` */
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
  /** Of a backend with an arithmetic of its own: the outputs that its proof shows. */
  | { readonly ok: true; readonly statement: null; readonly outputs: readonly Float64Array[] }
  | { readonly ok: false; readonly error: VerificationFailure };

export interface ProofBackend {
  readonly name: BackendName;
  readonly capabilities: BackendCapabilities;
  /** @throws TensorproofError `backend.unsupported` with all that it cannot do, `program.*` */
  compile(program: Program, request: CompileRequest): Promise<BackendCircuit>;
  /** A bad proof or key is a verdict, never an exception. */
  verify(proof: Uint8Array, verificationKey: Uint8Array): Promise<BackendVerdict>;
  /** What must be known of whatever is made or judged with this key; left out: nothing. @throws TensorproofError `key.*` */
  readonly keyWarnings?: (verificationKey: Uint8Array) => readonly string[];
  /**
   * Of a backend with an arithmetic of its own: what the circuit of this proving key computes, without a proof.
   * @param samples by sample and input, reals
   * @returns by sample, the first output
   */
  readonly infer?: (
    provingKey: Uint8Array,
    samples: readonly (readonly Float32Array[])[],
  ) => Promise<Float64Array[]>;
  /** Ends worker threads; the backend must not be used afterwards. */
  dispose(): Promise<void>;
}
