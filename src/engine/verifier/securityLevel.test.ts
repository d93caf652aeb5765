/** Keys and proofs that are right but for their level: only plans of many millions of cells come so far. */
import { expect, it, vi } from "vitest";
import { createKernels } from "../../kernels/createKernels.ts";
import { NativeProver } from "../prover/nativeProver.ts";
import { setup } from "../prover/setup.ts";
import type * as security from "../security.ts";
import { denseProgram, seededIntegers } from "../testing/denseProgram.ts";
import { MemorySlotCounter } from "../testing/memorySlotCounter.ts";
import { checkVerificationKey, verifyWithKey } from "./verify.ts";

const level = vi.hoisted(() => ({ missing: 0 }));

vi.mock("../security.ts", async (original) => {
  const actual = await original<typeof security>();
  const securityReport: typeof actual.securityReport = (plan, layout) => {
    const report = actual.securityReport(plan, layout);
    return { ...report, bits: report.bits - level.missing };
  };
  return { ...actual, securityReport };
});

it("refuses what is worth less than 100 bits, the range proof of a key as well", () => {
  const kernels = createKernels({ threads: 1 });
  const program = denseProgram({ input: 9, hidden: 6, output: 4 });
  const { provingKey, verificationKey } = setup(kernels, program, { weights: "hidden", proofs: 2, batch: 1 });
  const checked = checkVerificationKey(verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  level.missing = 5;
  expect(checkVerificationKey(verificationKey)).toMatchObject({ ok: false, error: { code: "key.security" } });
  // The statement says honestly how little it is worth.
  const { proof } = new NativeProver(kernels, provingKey, new MemorySlotCounter()).prove({
    inputs: [seededIntegers(7, 9, 0, 255)],
    batch: 1,
    visibilities: { input: "private", weights: "private", output: "public" },
  });
  const verdict = verifyWithKey(proof, checked.key);
  expect(verdict).toMatchObject({ ok: false, error: { code: "statement.security" } });
  expect(!verdict.ok && verdict.error.where).toMatch(/^9\d bits$/);
});
