import type { BackendCapabilities } from "../capabilities.ts";

/** In proofs and keys. */
export const ULTRAHONK_CODE = 5;

export const ULTRAHONK_CAPABILITIES: BackendCapabilities = {
  trustedSetup: "universal",
  zeroKnowledge: true,
  hidesInputs: true,
  hidesWeights: true,
  postQuantum: false,
  onChain: true,
  securityBits: 100,
  trust:
    "at least one party of Aztec's ceremony forgot its secret, the algebraic group model holds on the curve BN254, and Keccak behaves like a random function",
  licence: "MIT",
  peer: "@aztec/bb.js@5.0.0, @noir-lang/noir_wasm and noir_js@1.0.0-beta.26",
  needsNetwork: true,
  arithmetic: "exact",
  batches: true,
};
