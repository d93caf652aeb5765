/**
 * EZKL (halo2 with KZG commitments over BN254), as its Python package offers it. It reads the float model and quantises by
 * itself: its proofs say nothing about our Program, and what its outputs are worth is measured on data.
 */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { BackendCapabilities } from "../capabilities.ts";
import type { BackendOptions, BackendVerdict, ProofBackend } from "../proofBackend.ts";
import { INSECURE_FILE, readBundle } from "./bundle.ts";
import { EzklCircuit, INSECURE_SETUP } from "./ezklCircuit.ts";
import { runStep } from "./nodePython.ts";
import { ezklJson, readEzklProof, realOfInstance } from "./proofFile.ts";
import { readSettings } from "./settings.ts";

const CAPABILITIES: BackendCapabilities = {
  trustedSetup: "universal",
  zeroKnowledge: true,
  hidesInputs: true,
  // Its weights are constants here, and whoever guesses them can tell.
  hidesWeights: false,
  postQuantum: false,
  onChain: true,
  securityBits: 100,
  trust:
    "at least one party of the ceremony forgot its secret, and discrete logarithms on the curve BN254 are hard",
  licence: "NOASSERTION",
  peer: "ezkl==23.0.5 (PyPI)",
  needsNetwork: false,
  arithmetic: "own",
  batches: false,
};

/** Public values are the inputs, where they are public, then the outputs. */
async function verify(
  proofBytes: Uint8Array,
  verificationKey: Uint8Array,
  options: BackendOptions,
): Promise<BackendVerdict> {
  try {
    const key = readBundle(verificationKey, ["settings.json", "vk.key", "kzg.srs", INSECURE_FILE]);
    const proof = readEzklProof(proofBytes);
    const { outputScales, outputSizes } = readSettings(key["settings.json"]);
    const numOutputs = outputSizes.reduce((sum, size) => sum + size, 0);
    const shown = proof.instances.slice(proof.instances.length - numOutputs);
    const files = { ...key, "proof.json": ezklJson(proof) };
    const { "result.json": result } = await runStep({ step: "verify" }, files, ["result.json"], options);
    const { ok, reason } = JSON.parse(new TextDecoder().decode(result)) as { ok: boolean; reason: string };
    if (!ok) return { ok: false, error: { code: "ezkl.refused", where: reason } };
    let at = 0;
    const outputs = outputSizes.map((size, i) =>
      Float64Array.from({ length: size }, () => realOfInstance(shown[at++], outputScales[i])),
    );
    return { ok: true, statement: null, outputs };
  } catch (error) {
    if (!(error instanceof TensorproofError)) throw error;
    // A key that Python cannot read ends the step; a missing package is the caller's to mend.
    if (error.code === "backend.missingPeer") throw error;
    return { ok: false, error: { code: error.code, where: error.message } };
  }
}

async function infer(
  provingKey: Uint8Array,
  samples: readonly (readonly Float32Array[])[],
): Promise<Float64Array[]> {
  const key = readBundle(provingKey, ["settings.json", "circuit.ezkl"]);
  const [scale] = readSettings(key["settings.json"]).outputScales;
  const data = samples.map((inputs) => inputs.map((values) => Array.from(values)));
  const files = { ...key, "samples.json": JSON.stringify(data) };
  const { "result.json": result } = await runStep({ step: "infer" }, files, ["result.json"]);
  const { outputs } = JSON.parse(new TextDecoder().decode(result)) as { outputs: string[][] };
  return outputs.map((values) => Float64Array.from(values, (value) => realOfInstance(value, scale)));
}

/** @throws TensorproofError `backend.missingPeer` */
export async function createEzklBackend(options: BackendOptions): Promise<ProofBackend> {
  await runStep({ step: "version" }, {}, ["result.json"]);
  return {
    name: "ezkl",
    capabilities: CAPABILITIES,
    compile: (program, request) => EzklCircuit.compile(program, request, options),
    verify: (proof, verificationKey) => verify(proof, verificationKey, options),
    infer,
    keyWarnings: (verificationKey) =>
      readBundle(verificationKey, [INSECURE_FILE])[INSECURE_FILE][0] === 1 ? [INSECURE_SETUP] : [],
    dispose: async () => {},
  };
}
