/** All backends by name. None is loaded before it is asked for, nor is any package that it needs. */
import { TensorproofError } from "../errors/tensorproofError.ts";
import { BACKEND_NAMES, type BackendName, type BackendOptions, type ProofBackend } from "./proofBackend.ts";

const LOADERS: Readonly<Record<BackendName, (options: BackendOptions) => Promise<ProofBackend>>> = {
  native: async (options) => (await import("./native/nativeBackend.ts")).createNativeBackend(options),
  groth16: async (options) => (await import("./snarkjs/groth16.ts")).createGroth16Backend(options),
  plonk: async (options) => (await import("./snarkjs/plonk.ts")).createPlonkBackend(options),
  fflonk: async (options) => (await import("./snarkjs/fflonk.ts")).createFflonkBackend(options),
  ultrahonk: async (options) =>
    (await import("./ultrahonk/ultrahonkBackend.ts")).createUltrahonkBackend(options),
  ezkl: async (options) => (await import("./ezkl/ezklBackend.ts")).createEzklBackend(options),
};

/** @throws TensorproofError `backend.unknown`, `backend.missingPeer` */
export async function loadBackend(name: string, options: BackendOptions = {}): Promise<ProofBackend> {
  const known = BACKEND_NAMES.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new TensorproofError(
      "backend.unknown",
      `there is no backend "${name}"; there are ${BACKEND_NAMES.join(", ")}`,
      { where: name },
    );
  }
  return LOADERS[known](options);
}
