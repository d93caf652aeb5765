/** From a graph to a verified proof, with everything hidden but the output, and what must be refused. */

import { MemorySlotCounter } from "../../src/engine/testing/memorySlotCounter.ts";
import {
  checkVerificationKey,
  createKernels,
  NativeProver,
  type Program,
  setup,
  type Verdict,
  verifyWithKey,
} from "../../src/index.ts";

const VISIBILITIES = { input: "private", weights: "private", output: "public" } as const;

export interface ProvenRun {
  /** The integers that the proof states. */
  readonly outputs: readonly (Int32Array | null)[];
  readonly verdict: Verdict;
  /** Of the same proof with one bit flipped, at places all over it. */
  readonly tampered: readonly Verdict[];
}

const FLIPS = 4;

export function proveModel(program: Program, inputs: readonly Int32Array[]): ProvenRun {
  const kernels = createKernels({ threads: 1 });
  try {
    const { provingKey, verificationKey } = setup(kernels, program, {
      weights: "hidden",
      proofs: 1,
      batch: 1,
    });
    const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
    const { proof } = prover.prove({ inputs, batch: 1, visibilities: VISIBILITIES });
    const checked = checkVerificationKey(verificationKey);
    if (!checked.ok) throw new Error(`the key just made is refused: ${checked.error.code}`);
    const verdict = verifyWithKey(proof, checked.key);
    const tampered = Array.from({ length: FLIPS }, (_, i) => {
      const changed = Uint8Array.from(proof);
      changed[Math.floor(((i + 0.5) * proof.length) / FLIPS)] ^= 1 << i;
      return verifyWithKey(changed, checked.key);
    });
    const outputs = verdict.ok ? verdict.statement.outputs.map(({ values }) => values) : [];
    return { outputs, verdict, tampered };
  } finally {
    kernels.dispose();
  }
}
