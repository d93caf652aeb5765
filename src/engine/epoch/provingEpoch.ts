/** The commitment that a proving key proves with: the verification key's, or the epoch of its last certificate. */
import { HASH_BYTES } from "../../hash/blake3.ts";
import type { ProvingKey } from "../provingKey.ts";
import { readVerificationKey } from "../verificationKey.ts";
import { openCertificate } from "./certificate.ts";

export interface ProvingEpoch {
  readonly root: Uint8Array;
  /** Digest of the certificate that introduced the epoch; zero for the commitment in the verification key. */
  readonly certificate: Uint8Array;
}

/** Null for public weights. @throws TensorproofError `key.*`, `certificate.*` */
export function provingEpoch({ verificationKey, certificates }: ProvingKey): ProvingEpoch | null {
  const { weights } = readVerificationKey(verificationKey);
  if (weights.kind === "public") return null;
  const last = certificates.at(-1);
  if (last === undefined) return { root: weights.root, certificate: new Uint8Array(HASH_BYTES) };
  const { header, digest } = openCertificate(last);
  return { root: header.root, certificate: digest };
}
