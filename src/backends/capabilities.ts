/** What a proof system is, as far as a choice between them depends on it. */
export interface BackendCapabilities {
  /** `perCircuit`: a ceremony for every program. `universal`: one for all. `none`: no secret exists that could forge. */
  readonly trustedSetup: "none" | "universal" | "perCircuit";
  /** What a proof can hide: all that is not stated to be public. */
  readonly zeroKnowledge: boolean;
  readonly hidesInputs: boolean;
  readonly hidesWeights: boolean;
  /** Whether no attack by a quantum computer on its assumptions is known. */
  readonly postQuantum: boolean;
  /** Whether a contract on an EVM chain can verify its proofs at a usual cost. */
  readonly onChain: boolean;
  /** Bits of security of a forgery by computation, of the assumptions as they are believed today. */
  readonly securityBits: number;
  /** What has to hold for a proof to mean anything, in one sentence. */
  readonly trust: string;
  /** SPDX licence of the code that proves, and the package that holds it; null: part of this package. */
  readonly licence: string;
  readonly peer: string | null;
  /** Whether some step needs the network. */
  readonly needsNetwork: boolean;
  /** `exact`: proves the Program bit for bit. `own`: quantises the model by itself. */
  readonly arithmetic: "exact" | "own";
  /** Whether one circuit proves several samples at once. */
  readonly batches: boolean;
}
