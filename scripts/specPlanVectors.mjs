/** Writes the plans that docs/spec/11 compares with: docs/spec/vectors/plan-*.json. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = new URL("..", import.meta.url).pathname;
const folder = mkdtempSync(join(root, ".cache", "spec-"));
try {
  const outfile = join(folder, "planVectors.mjs");
  const contents = `
    export { planCases } from "./test/spec/planPrograms.ts";
    export { jsonText, planVector } from "./test/spec/planVectors.ts";`;
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const { planCases, planVector, jsonText } = await import(pathToFileURL(outfile).href);
  for (const planCase of planCases()) {
    const path = join(root, "docs/spec/vectors", `plan-${planCase.name}.json`);
    writeFileSync(path, jsonText(planVector(planCase)));
    console.log(path);
  }
} finally {
  rmSync(folder, { recursive: true });
}
