import type { BackendOptions, ProofBackend } from "../proofBackend.ts";
import { readCircuitKey } from "../statement/circuitKey.ts";
import type { SnarkProtocol } from "./protocol.ts";
import { INSECURE_SETUP, SnarkCircuit } from "./snarkCircuit.ts";
import { endSnarkjs, loadSnarkjs } from "./snarkjs.ts";
import { verifySnarkProof } from "./verifyProof.ts";

/** One proof system of snarkjs behind `ProofBackend`. @throws TensorproofError `backend.missingPeer` */
export async function createSnarkBackend(
  protocol: SnarkProtocol,
  options: BackendOptions,
): Promise<ProofBackend> {
  const snarkjs = await loadSnarkjs(protocol.name);
  return {
    name: protocol.name,
    capabilities: protocol.capabilities,
    compile: async (program, request) => new SnarkCircuit({ protocol, snarkjs, options }, program, request),
    verify: (proof, verificationKey) => verifySnarkProof(protocol, snarkjs, proof, verificationKey),
    keyWarnings: (verificationKey) => (readCircuitKey(verificationKey).isInsecure ? [INSECURE_SETUP] : []),
    dispose: endSnarkjs,
  };
}
