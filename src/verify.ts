/** The verifier, for browsers and everything else: bytes in, a verdict out. */

export {
  type CertificateVerdict,
  checkCertificate,
  withEpochs,
} from "./engine/epoch/verifier/checkCertificate.ts";
export {
  type CertifiedData,
  checkDataCertificate,
  checkLink,
  type DataVerdict,
  type LinkEnd,
  type LinkVerdict,
} from "./engine/epoch/verifier/checkLink.ts";
export type { Statement, StatementValue, WeightSlot } from "./engine/statement.ts";
export { describeStatement } from "./engine/statementText.ts";
export type { CertifiedEpoch, CheckedKey, KeyVerdict } from "./engine/verifier/checkedKey.ts";
export {
  checkVerificationKey,
  type Verdict,
  verify,
  verifyWithKey,
} from "./engine/verifier/verify.ts";
export type { VerificationFailure } from "./errors/proofError.ts";
export type { Visibilities, Visibility } from "./relations/visibility.ts";
