import type { BackendCapabilities } from "../capabilities.ts";
import type { BackendName } from "../proofBackend.ts";
import type { ProofShape } from "./proofShape.ts";
import type { ProofJson, Snarkjs } from "./snarkjs.ts";

/** One proof system of snarkjs over our constraints. */
export interface SnarkProtocol {
  readonly name: BackendName;
  /** In proofs and keys. */
  readonly code: number;
  readonly capabilities: BackendCapabilities;
  readonly shape: ProofShape;
  /** @param ptau null: made here, insecurely. @throws TensorproofError `setup.ptau` */
  setup(snarkjs: Snarkjs, request: ZkeyRequest): Promise<Uint8Array>;
  prove(snarkjs: Snarkjs, zkey: Uint8Array, wtns: Uint8Array, singleThread: boolean): Promise<ProofJson>;
  verify(snarkjs: Snarkjs, key: unknown, signals: readonly bigint[], proof: ProofJson): Promise<boolean>;
}

export interface ZkeyRequest {
  readonly r1cs: Uint8Array;
  readonly numConstraints: number;
  readonly numPublic: number;
  readonly ptau: Uint8Array | null;
  readonly onStep: (step: string) => void;
}
