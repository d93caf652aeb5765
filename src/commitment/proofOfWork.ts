/**
 * Proof of work: a nonce that makes the hash of the transcript's state end in zero bits. Whoever tries another transcript
 * pays for it again, so each bit adds one to the security of the challenges that follow.
 */
import { bytesToWords, keyedHash, labelKey, wordsToBytes } from "../hash/blake3.ts";

export const GRIND_KEY: Uint8Array = labelKey("grind/v1");

/** `state`: 32 bytes; 0 ≤ bits ≤ 30. */
export function hasWork(state: Uint8Array, nonce: number, bits: number): boolean {
  const block = new Uint8Array(64);
  block.set(state);
  block.set(wordsToBytes([nonce]), 32);
  const first = bytesToWords(keyedHash(GRIND_KEY, block))[0];
  return (first & (2 ** bits - 1)) === 0;
}
