/** A verification key and certificates of its epochs, from files. */
import { withEpochs } from "../engine/epoch/verifier/checkCertificate.ts";
import { isProvingKey, readProvingKey } from "../engine/provingKey.ts";
import { readVerificationKey, type VerificationKey } from "../engine/verificationKey.ts";
import type { KeyVerdict } from "../engine/verifier/checkedKey.ts";
import { checkVerificationKey, type Verdict, verifyWithKey } from "../engine/verifier/verify.ts";
import { readBytes } from "../files/readBytes.ts";
import type { CertificateOption } from "./options.ts";

/** The verdict on a proof of a key whose epoch these certificates lead to. */
export function verifyInEpoch(
  proof: Uint8Array,
  verificationKey: Uint8Array,
  certificates: readonly Uint8Array[],
): Verdict {
  const checked = checkVerificationKey(verificationKey);
  const known = checked.ok ? withEpochs(checked.key, certificates) : checked;
  return known.ok ? verifyWithKey(proof, known.key) : known;
}

/** The verification key in a file, or in the proving key that it is. @throws TensorproofError `file.*`, `key.*` */
export function readKey(path: string): VerificationKey {
  const bytes = readBytes(path);
  return readVerificationKey(isProvingKey(bytes) ? readProvingKey(bytes).verificationKey : bytes);
}

/** @throws TensorproofError `file.*` */
export function readCheckedKey(path: string, { certificate = [] }: CertificateOption): KeyVerdict {
  const key = readBytes(path);
  const certificates = certificate.map(readBytes);
  const checked = checkVerificationKey(key);
  return checked.ok ? withEpochs(checked.key, certificates) : checked;
}
