/**
 * What a verification may allocate, from its key alone: the tables of the rows and columns that the key's parameters name,
 * with generous factors for temporary numbers, and the bytes that are read.
 */
import type { VerificationKey } from "../../src/engine/verificationKey.ts";

const PER_WORD = 32;
const FIXED = 4 * 2 ** 20;

export function verifierBytes({ parameters }: VerificationKey, inputBytes: number): number {
  const lengths = [parameters, ...parameters.levels].map(({ logLength }) => 2 ** logLength);
  const words = 4 * lengths.reduce((sum, length) => sum + length, 0);
  return FIXED + PER_WORD * (words + inputBytes);
}
