/**
 * Bundles the built verifier (dist/verify.js) into one ES module for browsers. There are no Node shims: an import of a
 * Node builtin anywhere below makes esbuild refuse, which is the point.
 */
import { existsSync } from "node:fs";
import { build } from "esbuild";

export const VERIFIER_ENTRY = "dist/verify.js";

/** @returns {Promise<Uint8Array>} the bundle; throws with what to do when it cannot be made */
export async function bundleVerifier() {
  if (!existsSync(VERIFIER_ENTRY)) {
    throw new Error(
      `${VERIFIER_ENTRY} does not exist: run \`npm run build\` in the root of the repository first`,
    );
  }
  const { outputFiles } = await build({
    entryPoints: [VERIFIER_ENTRY],
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    minify: true,
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].contents;
}
