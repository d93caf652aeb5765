/** fflonk (Gabizon, Williamson, 2021) over BN254, by snarkjs: PLONK with fewer points to verify and more work to prove. */
import type { BackendOptions, ProofBackend } from "../proofBackend.ts";
import { insecurePtau } from "../ptau/insecurePtau.ts";
import { CURVE_TRUST, SNARK_CAPABILITIES } from "./capabilities.ts";
import { countGates } from "./plonkPower.ts";
import type { SnarkProtocol, ZkeyRequest } from "./protocol.ts";
import { smallPtau } from "./smallPtau.ts";
import { createSnarkBackend } from "./snarkBackend.ts";
import { memoryFile, type Snarkjs, written } from "./snarkjs.ts";

const MIN_POWER = 3;
/** Eight polynomials are folded into one, of a degree below nine times the domain. */
const FOLDED = 9;
const EXTRA_POWERS = 18;

async function setup(snarkjs: Snarkjs, { r1cs, ptau, onStep }: ZkeyRequest): Promise<Uint8Array> {
  onStep("counting gates");
  const gates = await countGates(snarkjs, r1cs);
  const power = Math.max(MIN_POWER, Math.ceil(Math.log2(gates + 2)));
  const numPowers = FOLDED * 2 ** power + EXTRA_POWERS;
  onStep("powers of tau");
  const powers = ptau ?? insecurePtau({ power, numPowers, forGroth16: false });
  onStep("proving key");
  const zkey = memoryFile();
  try {
    await snarkjs.fflonk.setup(memoryFile(r1cs), memoryFile(powers), zkey);
  } catch (error) {
    if (/not big enough/.test(String(error))) throw smallPtau(Math.ceil(Math.log2(numPowers)) - 1);
    throw error;
  }
  return written(zkey);
}

const PROTOCOL: SnarkProtocol = {
  name: "fflonk",
  code: 4,
  capabilities: {
    ...SNARK_CAPABILITIES,
    trustedSetup: "universal",
    trust: `at least one party of one ceremony for all circuits forgot its secret, and ${CURVE_TRUST}`,
  },
  shape: {
    protocol: "fflonk",
    points: ["C1", "C2", "W1", "W2"],
    quadraticPoints: [],
    // snarkjs adds `inv`, an inverse that spares contracts a computation and that its verifier does not read.
    scalars: ["ql", "qr", "qm", "qo", "qc", "s1", "s2", "s3", "a", "b", "c", "z", "zw", "t1w", "t2w"],
    nested: true,
  },
  setup,
  prove: async (snarkjs, zkey, wtns, singleThread) =>
    (await snarkjs.fflonk.prove(memoryFile(zkey), memoryFile(wtns), undefined, { singleThread })).proof,
  verify: (snarkjs, key, signals, proof) =>
    snarkjs.fflonk.verify(
      key,
      signals.map((signal) => signal.toString()),
      proof,
    ),
};

export function createFflonkBackend(options: BackendOptions): Promise<ProofBackend> {
  return createSnarkBackend(PROTOCOL, options);
}
