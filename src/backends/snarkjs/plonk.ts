/** PLONK (Gabizon, Williamson, Ciobotaru, 2019) over BN254, by snarkjs. */
import type { BackendOptions, ProofBackend } from "../proofBackend.ts";
import { insecurePtau } from "../ptau/insecurePtau.ts";
import { CURVE_TRUST, SNARK_CAPABILITIES } from "./capabilities.ts";
import { countGates } from "./plonkPower.ts";
import type { SnarkProtocol, ZkeyRequest } from "./protocol.ts";
import { smallPtau } from "./smallPtau.ts";
import { createSnarkBackend } from "./snarkBackend.ts";
import { memoryFile, type Snarkjs, written } from "./snarkjs.ts";

const MIN_POWER = 3;
/** Powers beyond the domain that blinded polynomials need. */
const EXTRA_POWERS = 6;

async function setup(snarkjs: Snarkjs, { r1cs, ptau, onStep }: ZkeyRequest): Promise<Uint8Array> {
  onStep("counting gates");
  const gates = await countGates(snarkjs, r1cs);
  const power = Math.max(MIN_POWER, Math.ceil(Math.log2(gates)));
  onStep("powers of tau");
  const powers = ptau ?? insecurePtau({ power, numPowers: 2 ** power + EXTRA_POWERS, forGroth16: false });
  onStep("proving key");
  const zkey = memoryFile();
  const result = await snarkjs.plonk.setup(memoryFile(r1cs), memoryFile(powers), zkey);
  if (result === -1) throw smallPtau(power);
  return written(zkey);
}

const PROTOCOL: SnarkProtocol = {
  name: "plonk",
  code: 3,
  capabilities: {
    ...SNARK_CAPABILITIES,
    trustedSetup: "universal",
    trust: `at least one party of one ceremony for all circuits forgot its secret, and ${CURVE_TRUST}`,
  },
  shape: {
    protocol: "plonk",
    points: ["A", "B", "C", "Z", "T1", "T2", "T3", "Wxi", "Wxiw"],
    quadraticPoints: [],
    scalars: ["eval_a", "eval_b", "eval_c", "eval_s1", "eval_s2", "eval_zw"],
    nested: false,
  },
  setup,
  prove: async (snarkjs, zkey, wtns, singleThread) =>
    (await snarkjs.plonk.prove(memoryFile(zkey), memoryFile(wtns), undefined, { singleThread })).proof,
  verify: (snarkjs, key, signals, proof) =>
    snarkjs.plonk.verify(
      key,
      signals.map((signal) => signal.toString()),
      proof,
    ),
};

export function createPlonkBackend(options: BackendOptions): Promise<ProofBackend> {
  return createSnarkBackend(PROTOCOL, options);
}
