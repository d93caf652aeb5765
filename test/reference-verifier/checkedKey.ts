/**
 * A key that was checked, with the epochs of certificates that were: docs/spec/07-files.md, 7.3; 09-epochs.md, 9.1.
 */
import { hex } from "./bytes.ts";
import type { KeyFile } from "./keyFile.ts";

/** A commitment to the weights of a key. */
export interface Epoch {
  readonly root: Uint8Array;
  /** Certificates between the key's own commitment and this one. */
  readonly depth: number;
}

export interface CheckedKey {
  readonly file: KeyFile;
  /** By the digest of the certificate, hexadecimal. */
  readonly epochs: ReadonlyMap<string, Epoch>;
}

const NO_CERTIFICATE = "00".repeat(32);

/** commitment(digest) of 9.1. */
export function epochOf({ file, epochs }: CheckedKey, digest: Uint8Array): Epoch | undefined {
  if (file.weights.kind === "public") return undefined;
  if (hex(digest) === NO_CERTIFICATE) return { root: file.weights.root, depth: 0 };
  return epochs.get(hex(digest));
}
