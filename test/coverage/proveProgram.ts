/** Setup, proof and verification of one run, everything hidden but the output. */

import { NativeProver } from "../../src/engine/prover/nativeProver.ts";
import { setup } from "../../src/engine/prover/setup.ts";
import { MemorySlotCounter } from "../../src/engine/testing/memorySlotCounter.ts";
import { checkVerificationKey, verifyWithKey } from "../../src/engine/verifier/verify.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import type { Program } from "../../src/program/program.ts";

/** The verified outputs; null with the verifier's code where it refuses. */
export function proveProgram(
  program: Program,
  inputs: readonly Int32Array[],
): { readonly outputs: readonly (Int32Array | null)[]; readonly refusal: string | null } {
  const kernels = createKernels({ threads: 1 });
  try {
    // A program without constants has nothing to hide but its inputs.
    const isHidden = program.constants.length > 0;
    const weights = isHidden ? "hidden" : "public";
    const { provingKey, verificationKey } = setup(kernels, program, { weights, proofs: 1, batch: 1 });
    const visibilities = {
      input: "private",
      weights: isHidden ? "private" : "public",
      output: "public",
    } as const;
    const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
    const { proof } = prover.prove({ inputs, batch: 1, visibilities });
    const checked = checkVerificationKey(verificationKey);
    if (!checked.ok) return { outputs: [], refusal: checked.error.code };
    const verdict = verifyWithKey(proof, checked.key);
    if (!verdict.ok) return { outputs: [], refusal: verdict.error.code };
    return { outputs: verdict.statement.outputs.map(({ values }) => values), refusal: null };
  } finally {
    kernels.dispose();
  }
}
