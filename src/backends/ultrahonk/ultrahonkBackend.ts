/**
 * UltraHonk (Aztec's Barretenberg: PLONKish gates, sumcheck, KZG commitments over BN254) on a Noir package that is written
 * from the Program. Compiler, witness generator and prover run in child processes.
 */
import type { BackendOptions, ProofBackend } from "../proofBackend.ts";
import { readCircuitKey } from "../statement/circuitKey.ts";
import { ULTRAHONK_CAPABILITIES } from "./capabilities.ts";
import { HonkCircuit, INSECURE_SETUP } from "./honkCircuit.ts";
import { type BarretenbergOptions, PatchedBarretenberg } from "./nodeBarretenberg.ts";
import { findTools } from "./nodeTools.ts";
import { verifyHonkProof } from "./verifyHonkProof.ts";

const DEFAULT_LIMIT_MS = 3_600_000;

/** @throws TensorproofError `backend.missingPeer`, `backend.unsupported` */
export async function createUltrahonkBackend(options: BackendOptions): Promise<ProofBackend> {
  const tools = await findTools();
  const { threads, stepLimitMs = DEFAULT_LIMIT_MS } = options;
  const barretenberg: BarretenbergOptions = {
    tools,
    limitMs: stepLimitMs,
    ...(threads === undefined ? {} : { threads }),
  };
  const patched = new PatchedBarretenberg(tools);
  return {
    name: "ultrahonk",
    capabilities: ULTRAHONK_CAPABILITIES,
    compile: (program, request) => HonkCircuit.compile({ barretenberg, patched, options }, program, request),
    verify: (proof, verificationKey) => verifyHonkProof(barretenberg, patched, proof, verificationKey),
    keyWarnings: (verificationKey) => (readCircuitKey(verificationKey).isInsecure ? [INSECURE_SETUP] : []),
    dispose: () => patched.dispose(),
  };
}
