/** Groth16 ("On the Size of Pairing-based Non-interactive Arguments", 2016) over BN254, by snarkjs. */
import type { BackendOptions, ProofBackend } from "../proofBackend.ts";
import { insecurePtau } from "../ptau/insecurePtau.ts";
import { CURVE_TRUST, SNARK_CAPABILITIES } from "./capabilities.ts";
import type { SnarkProtocol, ZkeyRequest } from "./protocol.ts";
import { smallPtau } from "./smallPtau.ts";
import { createSnarkBackend } from "./snarkBackend.ts";
import { memoryFile, type Snarkjs, written } from "./snarkjs.ts";

/** Constraints, one more for each public wire, rounded up to a power of two. */
export function groth16Power({ numConstraints, numPublic }: ZkeyRequest): number {
  return Math.ceil(Math.log2(numConstraints + numPublic + 1));
}

async function setup(snarkjs: Snarkjs, request: ZkeyRequest): Promise<Uint8Array> {
  const { r1cs, onStep } = request;
  const power = groth16Power(request);
  onStep("powers of tau");
  const ptau = request.ptau ?? insecurePtau({ power, numPowers: 0, forGroth16: true });
  onStep("proving key");
  const initial = memoryFile();
  const result = await snarkjs.zKey.newZKey(memoryFile(r1cs), memoryFile(ptau), initial);
  if (typeof result === "number") throw smallPtau(power);
  onStep("contribution");
  const contributed = memoryFile();
  const entropy = crypto.getRandomValues(new Uint8Array(64)).join("");
  await snarkjs.zKey.contribute(initial, contributed, "setup", entropy);
  return written(contributed);
}

const PROTOCOL: SnarkProtocol = {
  name: "groth16",
  code: 2,
  capabilities: {
    ...SNARK_CAPABILITIES,
    trustedSetup: "perCircuit",
    trust: `at least one party of the ceremony for this very circuit forgot its secret, and ${CURVE_TRUST}`,
  },
  shape: {
    protocol: "groth16",
    points: ["pi_a", "pi_c"],
    quadraticPoints: ["pi_b"],
    scalars: [],
    nested: false,
  },
  setup,
  prove: async (snarkjs, zkey, wtns, singleThread) =>
    (await snarkjs.groth16.prove(memoryFile(zkey), memoryFile(wtns), undefined, { singleThread })).proof,
  verify: (snarkjs, key, signals, proof) =>
    snarkjs.groth16.verify(
      key,
      signals.map((signal) => signal.toString()),
      proof,
    ),
};

export function createGroth16Backend(options: BackendOptions): Promise<ProofBackend> {
  return createSnarkBackend(PROTOCOL, options);
}
