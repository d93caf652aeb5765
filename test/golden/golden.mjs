/** `npm run golden -- --write`: golden files of today's versions. `--force` replaces those of an unreleased version. */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "..", "..");
const { values } = parseArgs({
  options: { write: { type: "boolean", default: false }, force: { type: "boolean", default: false } },
});
if (!values.write) throw new Error("say --write; the files are compared by npm test");

const outfile = join(ROOT, "node_modules", ".cache", "golden.mjs");
await build({
  entryPoints: [join(import.meta.dirname, "write.ts")],
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  outfile,
  logLevel: "error",
});
const { writeAll } = await import(pathToFileURL(outfile).href);
console.log(`written: ${writeAll(import.meta.dirname, values.force)}`);
