/** A verification key that has been checked, and what has been certified under it since. */
import type { VerificationFailure } from "../../errors/proofError.ts";
import type { VerificationKey } from "../verificationKey.ts";

/** A commitment that was proven to hold the weights of the key. */
export interface CertifiedEpoch {
  readonly root: Uint8Array;
  /** Digest of the certificate that introduced it. */
  readonly certificate: Uint8Array;
  /** Certificates between it and the commitment in the key. */
  readonly depth: number;
}

/** A verification key whose range proof has been checked: check once, verify many proofs. */
export interface CheckedKey {
  readonly key: VerificationKey;
  readonly identity: Uint8Array;
  readonly programHash: Uint8Array;
  /** Epochs with a valid certificate, by the certificate's digest in hexadecimal. */
  readonly epochs: ReadonlyMap<string, CertifiedEpoch>;
}

export type KeyVerdict =
  | { readonly ok: true; readonly key: CheckedKey }
  | { readonly ok: false; readonly error: VerificationFailure };
