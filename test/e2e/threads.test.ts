/** Proofs made with any number of threads, more than there are cores included, are proofs of the same statement. */
import { afterAll, describe, expect, it } from "vitest";
import { NativeProver } from "../../src/engine/prover/nativeProver.ts";
import { setup } from "../../src/engine/prover/setup.ts";
import { denseProgram } from "../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../src/engine/testing/memorySlotCounter.ts";
import { checkVerificationKey, verifyWithKey } from "../../src/engine/verifier/verify.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { randomInput } from "../../src/program/testing/randomProgram.ts";
import { DEFAULT_VISIBILITIES } from "../../src/relations/visibility.ts";

/** Large enough that every kind of kernel is shared among threads, lookups made piece by piece included. */
const BATCH = 300;
const program = denseProgram({ input: 40, hidden: 120, output: 10 });
const single = createKernels({ threads: 1 });
const { verificationKey, provingKey } = setup(single, program, {
  weights: "hidden",
  proofs: 24,
  batch: BATCH,
});
const checked = checkVerificationKey(verificationKey);
const counter = new MemorySlotCounter();
const inputs = [randomInput(program, BATCH, 5, 0)];

describe("a proof made with", () => {
  afterAll(() => single.dispose());

  it.each([1, 2, 3, 5, 8, 16])("%i threads verifies", (threads) => {
    if (!checked.ok) throw new Error(checked.error.code);
    const kernels = createKernels({ threads });
    try {
      expect(kernels.threads).toBe(threads);
      const prover = new NativeProver(kernels, provingKey, counter);
      const { proof, run } = prover.prove({ inputs, batch: BATCH, visibilities: DEFAULT_VISIBILITIES });
      expect(verifyWithKey(proof, checked.key)).toMatchObject({
        ok: true,
        statement: { batch: BATCH, outputs: [{ values: run.outputs[0] }] },
      });
    } finally {
      kernels.dispose();
    }
  });
});
