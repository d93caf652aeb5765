/** Claims about tensors that are read otherwise than as they are: each has a weight of its own in their common sumcheck. */
import { expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { NativeProver } from "./prover/nativeProver.ts";
import { setup } from "./prover/setup.ts";
import { seededIntegers } from "./testing/denseProgram.ts";
import { verify } from "./verifier/verify.ts";

/** Products of one input with itself, rows and columns in other orders: two such claims for each. */
function reordered(count: number) {
  const draft = new ProgramDraft();
  const input = draft.input([4, 3], { lo: -5, hi: 5 });
  for (let i = 0; i < count; i++) {
    const left = draft.add({
      kind: "take",
      input,
      axis: 0,
      indices: Int32Array.of(3, i % 4, 1, 0),
      fill: 0,
    });
    const right = draft.add({
      kind: "take",
      input,
      axis: 0,
      indices: Int32Array.of(1, 2, i % 4, 3),
      fill: 0,
    });
    draft.add({ kind: "multiply", left, right });
  }
  return draft.program();
}

it.each([1, 2, 3])("of %i products of reordered rows are proven", (count) => {
  const program = reordered(count);
  const kernels = createKernels({ threads: 1 });
  const { provingKey, verificationKey } = setup(kernels, program, { weights: "public", proofs: 1, batch: 1 });
  const prover = new NativeProver(kernels, provingKey, null);
  const { proof } = prover.prove({
    inputs: [seededIntegers(3, 12, -5, 5)],
    batch: 1,
    visibilities: { input: "private", weights: "public", output: "public" },
  });
  expect(verify(proof, verificationKey)).toMatchObject({ ok: true });
});
