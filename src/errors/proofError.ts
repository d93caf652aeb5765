/** What a verifier answers. A bad proof is a value, never a crash. */
export interface VerificationFailure {
  /** `area.reason`, for example `sumcheck.roundSum` or `opening.column`. */
  readonly code: string;
  /** Layer, round, row or field of the proof, in words. */
  readonly where: string;
}

/** Thrown inside the verifier at the first failed check; `verify` turns it into a `Verdict`. */
export class ProofError extends Error {
  readonly code: string;
  readonly where: string;

  constructor(code: string, where: string) {
    super(`${code}: ${where}`);
    this.name = "ProofError";
    this.code = code;
    this.where = where;
  }
}

/** Throws ProofError unless the condition holds. */
export function check(condition: boolean, code: string, where: string): asserts condition {
  if (!condition) throw new ProofError(code, where);
}
