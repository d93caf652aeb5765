import type { BackendCapabilities } from "../capabilities.ts";
import { SNARKJS } from "./snarkjs.ts";

export const CURVE_TRUST = "the algebraic group model holds on the curve BN254";

/** What all proof systems over BN254 have in common here. BN254 is held to give about 100 bits since 2016. */
export const SNARK_CAPABILITIES: Omit<BackendCapabilities, "trustedSetup" | "trust"> = {
  zeroKnowledge: true,
  hidesInputs: true,
  hidesWeights: true,
  postQuantum: false,
  onChain: true,
  securityBits: 100,
  licence: "GPL-3.0",
  peer: `${SNARKJS.name}@${SNARKJS.version}`,
  needsNetwork: false,
  arithmetic: "exact",
  batches: true,
};
