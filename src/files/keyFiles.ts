/** Proving and verification keys on disk, and the cache of keys that `prove model.onnx` makes by itself. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { provingEpoch } from "../engine/epoch/provingEpoch.ts";
import { type ProvingKey, readProvingKey, writeProvingKey } from "../engine/provingKey.ts";
import type { RenewalCounter, SlotCounter } from "../engine/slots.ts";
import { keyedHash, labelKey } from "../hash/blake3.ts";
import type { Program } from "../program/program.ts";
import { serialiseProgram } from "../program/programFile.ts";
import { requireWritableFolder, withSignalsHeld, writeTogether } from "./atomicFile.ts";
import { FileSlotCounter, slotFileOf } from "./fileSlotCounter.ts";
import { readBytes } from "./readBytes.ts";
import { RestoredCounter } from "./restoredCounter.ts";
import { beginSlots } from "./slotFile.ts";

export const PROVING_KEY_FILE = "proving.key";
export const VERIFICATION_KEY_FILE = "verification.key";
const CACHE_KEY: Uint8Array = labelKey("key-cache/v1");
const SECRET_MODE = 0o600;

/** The certificate by which an epoch at this depth follows its parent. */
export function certificateFile(depth: number): string {
  return `epoch-${depth}.certificate`;
}

/** Writes both keys, the certificates of their epoch and the file that counts proofs. Returns the proving key's size. */
export async function writeKeys(folder: string, key: ProvingKey): Promise<{ provingKeyBytes: number }> {
  requireWritableFolder(folder);
  const provingKeyPath = join(folder, PROVING_KEY_FILE);
  const bytes = writeProvingKey(key);
  const epoch = provingEpoch(key);
  await withSignalsHeld(() => {
    // A key without its counter is refused, a counter without a key does no harm.
    beginSlots(slotFileOf(provingKeyPath), epoch === null ? null : Buffer.from(epoch.root).toString("hex"));
    return writeTogether([
      { path: provingKeyPath, bytes, mode: SECRET_MODE },
      { path: join(folder, VERIFICATION_KEY_FILE), bytes: key.verificationKey },
      ...key.certificates.map((certificate, i) => ({
        path: join(folder, certificateFile(i + 1)),
        bytes: certificate,
      })),
    ]);
  });
  return { provingKeyBytes: bytes.length };
}

/** The counter of a stored proving key; null for public weights, which have nothing to count. */
export function slotCounterOf(
  provingKeyPath: string,
  key: ProvingKey,
): (SlotCounter & RenewalCounter) | null {
  const epoch = provingEpoch(key);
  return epoch === null ? null : new FileSlotCounter(slotFileOf(provingKeyPath), epoch.root);
}

/** For a key whose counter was copied or lost: its last renewal, and nothing else. Null for public weights. */
export function restoredCounterOf(provingKeyPath: string, key: ProvingKey): RenewalCounter | null {
  const epoch = provingEpoch(key);
  return epoch === null ? null : new RestoredCounter(slotFileOf(provingKeyPath), epoch.root);
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
