import { blake3 } from "@noble/hashes/blake3.js";
import type { ProgramStructure } from "./programStructure.ts";
import { programStructureBytes } from "./serialise.ts";

const HASH_CONTEXT: Uint8Array = new TextEncoder().encode("tensorproof/program-structure/v1");

/** `programHash` of bytes that `parseProgramStructure` accepted, or is about to. */
export function hashStructureBytes(bytes: Uint8Array): Uint8Array {
  return blake3(bytes, { context: HASH_CONTEXT });
}

/**
 * The identity of what is computed: 32 bytes, BLAKE3 in its key derivation mode with the context
 * "tensorproof/program-structure/v1" over the structure bytes. Says nothing about the weights: a model commitment does.
 */
export function programHash(program: ProgramStructure): Uint8Array {
  return hashStructureBytes(programStructureBytes(program));
}
