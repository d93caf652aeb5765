/** Writes golden files of today's versions; `force` replaces those that are there. */
import { existsSync } from "node:fs";
import { PROOF_VERSION } from "../../src/engine/proofFile.ts";
import { KEY_VERSION } from "../../src/engine/verificationKey.ts";
import { STRUCTURE_VERSION } from "../../src/program/structureFormat.ts";
import { folderName, writeGolden } from "./files.ts";
import { GOLDEN_RUNS, makeGolden } from "./goldenRuns.ts";

export function writeAll(root: string, force: boolean): string {
  const versions = { proof: PROOF_VERSION, key: KEY_VERSION, structure: STRUCTURE_VERSION };
  const folder = `${root}/${folderName(versions)}`;
  if (existsSync(folder) && !force) {
    throw new Error(`${folder} exists: a changed format needs a new version (before a release: --force)`);
  }
  for (const run of GOLDEN_RUNS) writeGolden(`${folder}/${run.name}`, makeGolden(run));
  return folder;
}
