/**
 * Verdicts: docs/spec/01-notation-field-encodings.md, 1.6.
 */
import { Refusal } from "./refusal.ts";

export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: { readonly code: string; readonly where: string } };

/** Runs checks: a refusal is a verdict, anything else is a defect of this verifier. */
export function verdictOf(checks: () => unknown): Verdict {
  try {
    checks();
    return { ok: true };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, error: { code: error.code, where: error.where } };
  }
}
