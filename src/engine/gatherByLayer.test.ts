/** Layers that are read over a view with more axes than they have: the axes of a gathered entry. */
import { expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { NativeProver } from "./prover/nativeProver.ts";
import { setup } from "./prover/setup.ts";
import { seededIntegers } from "./testing/denseProgram.ts";
import { gatherByLayer } from "./testing/gatherByLayer.ts";
import { MemorySlotCounter } from "./testing/memorySlotCounter.ts";
import { verify } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const VISIBILITIES = { input: "private", weights: "private", output: "public" } as const;

/** Lengths of entries and numbers of sums that fill their virtual axes, and such that do not. */
it.each([
  [1, 3],
  [2, 2],
  [2, 5],
  [3, 1],
  [3, 4],
])("indices of %i sums choose entries of %i", (numSums, width) => {
  const program = gatherByLayer(numSums, width);
  const { provingKey, verificationKey } = setup(kernels, program, { weights: "hidden", proofs: 2, batch: 2 });
  const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
  const inputs = [seededIntegers(5, 24, 0, 1)];
  const { proof } = prover.prove({ inputs, batch: 2, visibilities: VISIBILITIES });
  expect(verify(proof, verificationKey)).toMatchObject({ ok: true });
});
