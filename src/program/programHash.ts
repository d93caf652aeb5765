import { contextHash } from "../hash/blake3.ts";
import type { ProgramStructure } from "./programStructure.ts";
import { programStructureBytes } from "./serialise.ts";

const HASH_CONTEXT = "tensorproof/program-structure/v1";

/** `programHash` of bytes that `parseProgramStructure` accepted, or is about to. */
export function hashStructureBytes(bytes: Uint8Array): Uint8Array {
  return contextHash(HASH_CONTEXT, bytes);
}

/**
 * The identity of what is computed: 32 bytes, BLAKE3 in its key derivation mode with the context
 * "tensorproof/program-structure/v1" over the structure bytes. Says nothing about the weights: a model commitment does.
 */
export function programHash(program: ProgramStructure): Uint8Array {
  return hashStructureBytes(programStructureBytes(program));
}
