/** Proving and verification keys on disk, and the cache of keys that `prove model.onnx` makes by itself. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type ProvingKey, readProvingKey, writeProvingKey } from "../engine/provingKey.ts";
import type { SlotCounter } from "../engine/slots.ts";
import { readVerificationKey } from "../engine/verificationKey.ts";
import { keyedHash, labelKey } from "../hash/blake3.ts";
import type { Program } from "../program/program.ts";
import { serialiseProgram } from "../program/programFile.ts";
import { requireWritableFolder, withSignalsHeld, writeTogether } from "./atomicFile.ts";
import { createSlotFile, FileSlotCounter, slotFileOf } from "./fileSlotCounter.ts";
import { readBytes } from "./readBytes.ts";

export const PROVING_KEY_FILE = "proving.key";
export const VERIFICATION_KEY_FILE = "verification.key";
const CACHE_KEY: Uint8Array = labelKey("key-cache/v1");
const SECRET_MODE = 0o600;

/** Writes both keys and the file that counts proofs. Returns the proving key's size. */
export async function writeKeys(folder: string, key: ProvingKey): Promise<{ provingKeyBytes: number }> {
  requireWritableFolder(folder);
  const provingKeyPath = join(folder, PROVING_KEY_FILE);
  const bytes = writeProvingKey(key);
  await withSignalsHeld(() => {
    createSlotFile(slotFileOf(provingKeyPath));
    return writeTogether([
      { path: provingKeyPath, bytes, mode: SECRET_MODE },
      { path: join(folder, VERIFICATION_KEY_FILE), bytes: key.verificationKey },
    ]);
  });
  return { provingKeyBytes: bytes.length };
}

/** The counter of a stored proving key; null for public weights, which have nothing to count. */
export function slotCounterOf(provingKeyPath: string, key: ProvingKey): SlotCounter | null {
  const { weights } = readVerificationKey(key.verificationKey);
  if (weights.kind === "public") return null;
  return new FileSlotCounter(slotFileOf(provingKeyPath), weights.root);
}

/** $TENSORPROOF_CACHE, else ~/.cache/tensorproof. */
export function cacheFolder(): string {
  const { TENSORPROOF_CACHE: chosen, XDG_CACHE_HOME: caches } = process.env;
  if (chosen !== undefined && chosen !== "") return chosen;
  return join(caches === undefined || caches === "" ? join(homedir(), ".cache") : caches, "tensorproof");
}

/** Where the keys of a program are cached: by a hash of the program, its weights and whether they are hidden. */
export function cachedKeyFolder(program: Program, weights: "hidden" | "public"): string {
  const hash = keyedHash(CACHE_KEY, serialiseProgram(program), 16);
  return join(cacheFolder(), "keys", `${Buffer.from(hash).toString("hex")}-${weights}`);
}

/** Null if there is none, or none that this release can read. */
export function readCachedKey(folder: string): ProvingKey | null {
  const path = join(folder, PROVING_KEY_FILE);
  if (!existsSync(path) || !existsSync(slotFileOf(path))) return null;
  try {
    return readProvingKey(readBytes(path));
  } catch {
    return null;
  }
}
