/** Golden files on disk: a folder for each version of the format, a folder in it for each run. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GoldenFiles } from "./goldenRuns.ts";
import { type Observed, observe } from "./observe.ts";

/** A version that a proof of the folder says of itself: the proof's, the key's and the structure's. */
export interface Versions {
  readonly proof: number;
  readonly key: number;
  readonly structure: number;
}

const NAMES = {
  program: "program.tp",
  key: "key.tpvk",
  proof: "proof.tppf",
  certificate: "epoch.tpec",
} as const;

export function folderName({ proof, key, structure }: Versions): string {
  return `proof${proof}-key${key}-structure${structure}`;
}

export function goldenFolders(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

export function readGolden(folder: string): { readonly files: GoldenFiles; readonly observed: Observed } {
  const bytes = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(folder, name)));
  const lines = (name: string): string[] => readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
  return {
    files: {
      program: bytes(NAMES.program),
      key: bytes(NAMES.key),
      proof: bytes(NAMES.proof),
      certificate: existsSync(join(folder, NAMES.certificate)) ? bytes(NAMES.certificate) : null,
    },
    observed: { refused: null, statement: lines("statement.json"), transcript: lines("transcript.txt") },
  };
}

export function writeGolden(folder: string, files: GoldenFiles): void {
  const observed = observe(files);
  if (observed.refused !== null) throw new Error(`the golden proof was refused: ${observed.refused}`);
  mkdirSync(folder, { recursive: true });
  for (const [kind, name] of Object.entries(NAMES)) {
    const bytes = files[kind as keyof GoldenFiles];
    if (bytes !== null) writeFileSync(join(folder, name), bytes);
  }
  writeFileSync(join(folder, "statement.json"), `${observed.statement.join("\n")}\n`);
  writeFileSync(join(folder, "transcript.txt"), `${observed.transcript.join("\n")}\n`);
}
