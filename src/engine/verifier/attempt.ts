/** Bad input of any kind is a verdict, never an exception. */
import { ProofError, type VerificationFailure } from "../../errors/proofError.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";

export function attempt<T>(run: () => T): T | { ok: false; error: VerificationFailure } {
  try {
    return run();
  } catch (error) {
    if (error instanceof ProofError) return { ok: false, error: { code: error.code, where: error.where } };
    if (error instanceof TensorproofError)
      return { ok: false, error: { code: error.code, where: error.message } };
    // A key or proof that drives the verifier out of its bounds is a bad key or proof, whatever the engine threw.
    return { ok: false, error: { code: "verifier.internal", where: String(error) } };
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
