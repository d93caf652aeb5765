/** How the verifier answers a cheat on the small dense network, whose input is hidden and whose output is shown. */
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { type CheckedKey, verifyWithKey } from "../verifier/verify.ts";
import { type CheatRequest, cheatProof } from "./cheatingProver.ts";
import { seededIntegers } from "./denseProgram.ts";

/** The code of the refusal, or "accepted". */
export function denseVerdict(
  kernels: KernelSet,
  key: Parameters<typeof cheatProof>[1],
  checked: CheckedKey,
  deviation: Partial<CheatRequest>,
): string {
  const mark = kernels.mark();
  const proof = cheatProof(kernels, key, {
    inputs: [seededIntegers(4, 11, 0, 255)],
    batch: 1,
    visibilities: { input: "private", weights: "private", output: "public" },
    ...deviation,
  });
  kernels.release(mark);
  const verdict = verifyWithKey(proof, checked);
  return verdict.ok ? "accepted" : verdict.error.code;
}
