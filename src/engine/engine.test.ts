import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { createReferenceKernels } from "../kernels/reference/referenceKernels.ts";
import { runProgram } from "../program/interpreter.ts";
import type { Visibility } from "../relations/visibility.ts";
import { NativeProver } from "./prover/nativeProver.ts";
import { setup } from "./prover/setup.ts";
import { denseProgram, seededIntegers } from "./testing/denseProgram.ts";
import { MemorySlotCounter } from "./testing/memorySlotCounter.ts";
import { checkVerificationKey, verify, verifyWithKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });

describe("native engine", () => {
  it("proves and verifies a small dense network with hidden weights and input", () => {
    const program = denseProgram({ input: 20, hidden: 7, output: 5 });
    const { provingKey, verificationKey } = setup(kernels, program, {
      weights: "hidden",
      proofs: 2,
      batch: 1,
    });
    const key = checkVerificationKey(verificationKey);
    expect(key).toMatchObject({ ok: true });
    const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
    const inputs = [seededIntegers(5, 20, 0, 255)];
    const visibilities = { input: "private", weights: "private", output: "public" } as const;
    const { proof, statement } = prover.prove({ inputs, batch: 1, visibilities });
    expect(verify(proof, verificationKey)).toMatchObject({ ok: true });
    expect(statement.outputs[0].values).toEqual(runProgram(program, inputs, 1).outputs[0]);
  });

  const kinds: Visibility[] = ["public", "committed", "private"];
  for (const weights of ["public", "private"] as const) {
    for (const argmax of [false, true]) {
      it(`every visibility, ${weights} weights, ${argmax ? "argmax" : "scores"}, batches of 1 and 3`, () => {
        const program = denseProgram({ input: 9, hidden: 6, output: 4, argmax });
        const { provingKey, verificationKey } = setup(kernels, program, {
          weights: weights === "public" ? "public" : "hidden",
          proofs: 40,
          batch: 1,
        });
        const checked = checkVerificationKey(verificationKey);
        if (!checked.ok) throw new Error(checked.error.code);
        const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
        for (const input of kinds) {
          for (const output of kinds) {
            for (const batch of [1, 3]) {
              const inputs = [seededIntegers(7, 9 * batch, 0, 255)];
              const { proof } = prover.prove({ inputs, batch, visibilities: { input, weights, output } });
              expect(verifyWithKey(proof, checked.key), `${input} ${output} ${batch}`).toMatchObject({
                ok: true,
              });
            }
          }
        }
      });
    }
  }

  it("makes no prover for hidden weights that nobody counts the proofs of", () => {
    const program = denseProgram({ input: 9, hidden: 6, output: 4 });
    const { provingKey } = setup(kernels, program, { weights: "hidden", proofs: 1, batch: 1 });
    expect(() => new NativeProver(kernels, provingKey, null)).toThrow(/slot counter/);
    const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
    const visibilities = { input: "private", weights: "private", output: "public" } as const;
    const request = { inputs: [seededIntegers(3, 9, 0, 255)], batch: 1, visibilities };
    prover.prove(request);
    expect(() => prover.prove(request)).toThrow(expect.objectContaining({ code: "budget.exhausted" }));
  });

  it("agrees with the reference kernels", () => {
    const program = denseProgram({ input: 12, hidden: 4, output: 3 });
    const reference = createReferenceKernels();
    const { provingKey, verificationKey } = setup(reference, program, {
      weights: "public",
      proofs: 1,
      batch: 1,
    });
    const prover = new NativeProver(reference, provingKey, null);
    const visibilities = { input: "private", weights: "public", output: "public" } as const;
    const { proof } = prover.prove({ inputs: [seededIntegers(3, 12, 0, 255)], batch: 1, visibilities });
    expect(verify(proof, verificationKey)).toMatchObject({ ok: true });
  });
});
