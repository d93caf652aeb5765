/** The verifier, for browsers and everything else: bytes in, a verdict out. */
export type { Statement, StatementValue, WeightSlot } from "./engine/statement.ts";
export { describeStatement } from "./engine/statementText.ts";
export {
  type CheckedKey,
  checkVerificationKey,
  type KeyVerdict,
  type Verdict,
  verify,
  verifyWithKey,
} from "./engine/verifier/verify.ts";
export type { VerificationFailure } from "./errors/proofError.ts";
export type { Visibilities, Visibility } from "./relations/visibility.ts";
