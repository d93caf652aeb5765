/** Verdicts of the reference verifier next to those of src, by outcome: `accepted` or a code. */
import { verdictOf } from "../reference-verifier/verdict.ts";

/** What the checks say otherwise than `outcome`; bytes of a valid file are `unchanged` and accepted. */
export function otherVerdict(outcome: string, checks: () => void): string | null {
  const verdict = verdictOf(checks);
  const second = verdict.ok ? "accepted" : verdict.error.code;
  const first = outcome === "unchanged" ? "accepted" : outcome;
  return first === second ? null : second;
}
