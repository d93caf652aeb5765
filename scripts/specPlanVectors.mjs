/**
 * Writes what the second half of docs/spec compares with, into docs/spec/vectors: plan-*.json, and proof-dense.json and
 * certificate-dense.json from dense.tpvk, dense.tprf and dense.tpec. `--prove` makes new ones of these first (they are random), for a format that has changed.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = new URL("..", import.meta.url).pathname;
const cache = join(root, ".cache");
const vectors = join(root, "docs/spec/vectors");
const [keyPath, proofPath, certificatePath] = ["dense.tpvk", "dense.tprf", "dense.tpec"].map((name) =>
  join(vectors, name),
);

async function loadSources(folder) {
  const outfile = join(folder, "vectors.mjs");
  const contents = ["planPrograms", "planVectors", "proofVector", "certificateVector"]
    .map((name) => `export * from "./test/spec/${name}.ts";`)
    .join("\n");
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return import(pathToFileURL(outfile).href);
}

mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "spec-"));
try {
  const sources = await loadSources(folder);
  const { planCases, planVector, jsonText, freshProof, proofVector, certificateVector } = sources;
  for (const planCase of planCases()) {
    writeFileSync(join(vectors, `plan-${planCase.name}.json`), jsonText(planVector(planCase)));
  }
  if (process.argv.includes("--prove")) {
    const { key, proof, certificate } = freshProof();
    writeFileSync(keyPath, key);
    writeFileSync(proofPath, proof);
    writeFileSync(certificatePath, certificate);
  }
  const [key, proof, certificate] = [keyPath, proofPath, certificatePath].map((path) => readFileSync(path));
  writeFileSync(join(vectors, "proof-dense.json"), jsonText(proofVector({ key, proof })));
  writeFileSync(join(vectors, "certificate-dense.json"), jsonText(certificateVector({ key, certificate })));
} finally {
  rmSync(folder, { recursive: true });
}
