import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { runProgram } from "../program/interpreter.ts";
import type { Program } from "../program/program.ts";
import { randomExactProgram } from "../program/testing/randomExactProgram.ts";
import { randomInput } from "../program/testing/randomProgram.ts";
import { NativeProver } from "./prover/nativeProver.ts";
import { setup } from "./prover/setup.ts";
import { MemorySlotCounter } from "./testing/memorySlotCounter.ts";
import { checkVerificationKey, verifyWithKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });

function proveAll(program: Program, batch: number, seed: number): void {
  const weights = program.constants.length === 0 ? "public" : "hidden";
  const { provingKey, verificationKey } = setup(kernels, program, { weights, proofs: 4, batch: 1 });
  const checked = checkVerificationKey(verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  const prover = new NativeProver(kernels, provingKey, weights === "hidden" ? new MemorySlotCounter() : null);
  const inputs = program.inputs.map((_, i) => randomInput(program, batch, seed, i));
  const expected = runProgram(program, inputs, batch).outputs;
  for (const visibility of ["public", "private"] as const) {
    const visibilities = {
      input: visibility,
      weights: weights === "hidden" ? "private" : "public",
      output: visibility === "public" ? "committed" : "public",
    } as const;
    const { proof, statement } = prover.prove({ inputs, batch, visibilities });
    expect(verifyWithKey(proof, checked.key)).toMatchObject({ ok: true });
    if (visibility === "private") expect(statement.outputs.map(({ values }) => values)).toEqual(expected);
  }
}

/** A maximum of values too far apart for one table is refused by name. */
function hasWideMaximum(program: Program): boolean {
  return program.operators.some((operator) => {
    if (operator.kind !== "max") return false;
    const [left, right] = [operator.left, operator.right].map((id) => program.tensors[id].range);
    return Math.max(0, left.hi - right.lo) - Math.min(0, left.lo - right.hi) >= 2 ** 16;
  });
}

describe("programs of all operators", () => {
  for (let seed = 0; seed < 60; seed++) {
    it(`random program ${seed}`, () => {
      const program = randomExactProgram(seed, 1 + (seed % 9));
      const prove = (): void => proveAll(program, 1 + (seed % 2), seed);
      if (hasWideMaximum(program)) expect(prove).toThrow(/more than a table of 65536 rows/);
      else prove();
    });
  }
});
