/** Four forgeries of a valid proof. Each must be refused with an error code of its own kind. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tensorproofVerdict } from "./tensorproof.mjs";

/** Swaps the best score with another, so that the output names another digit. */
function otherScores(scores) {
  const best = scores.indexOf(Math.max(...scores));
  const other = (best + 1) % scores.length;
  const changed = [...scores];
  changed[best] = scores[other];
  changed[other] = scores[best];
  return changed;
}

/**
 * @param {{ folder: string, proof: string, key: string, otherKey: string, scores: number[] }} given file names within
 *   `folder`, except `otherKey`, a path
 * @returns {Promise<{ name: string, verdict: { ok: boolean, error?: { code: string, where: string } } }[]>}
 */
export async function tryForgeries({ folder, proof, key, otherKey, scores }) {
  const bytes = readFileSync(join(folder, proof));
  const forgeries = [];
  const verify = async (name, ...args) =>
    forgeries.push({ name, verdict: await tensorproofVerdict(args, folder) });

  const flipped = Uint8Array.from(bytes);
  flipped[Math.floor(flipped.length / 2)] ^= 1;
  writeFileSync(join(folder, "flipped.proof"), flipped);
  await verify("one bit flipped in the middle of the proof", "flipped.proof", "--key", key);

  writeFileSync(join(folder, "other.json"), JSON.stringify([otherScores(scores)]));
  await verify("the same proof shown for another output", proof, "--key", key, "--output", "other.json");

  copyFileSync(otherKey, join(folder, "other.key"));
  await verify("the same proof shown for another model", proof, "--key", "other.key");

  writeFileSync(join(folder, "truncated.proof"), bytes.subarray(0, bytes.length - 100));
  await verify("the file without its last 100 bytes", "truncated.proof", "--key", key);

  return forgeries;
}
