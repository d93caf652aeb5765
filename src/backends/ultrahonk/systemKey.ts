/** Barretenberg's verification key, with the point of the reference string that its proofs are checked against. */
import { ByteReader } from "../../bytes/byteReader.ts";

export interface SystemKey {
  /** tau · G2 */
  readonly g2: Uint8Array;
  readonly key: Uint8Array;
}

const G2_BYTES = 128;

/** What becomes of proofs over a reference string that is not the ceremony's where no verifier for them can be made. */
export const NOT_OFFLINE =
  "verification not possible offline: the reference string is not the ceremony's, and only on Linux can Barretenberg be made to verify over another";

export function writeSystemKey({ g2, key }: SystemKey): Uint8Array {
  const bytes = new Uint8Array(G2_BYTES + key.length);
  bytes.set(g2);
  bytes.set(key, G2_BYTES);
  return bytes;
}

/** @throws TensorproofError `key.truncated` */
export function readSystemKey(bytes: Uint8Array): SystemKey {
  const reader = new ByteReader(bytes, "key");
  return { g2: reader.bytes(G2_BYTES), key: reader.bytes(reader.bytesLeft) };
}
