/** The verifier must stay small enough for a phone: at most 150 KB gzipped, without any Node builtin. */
import { gzipSync } from "node:zlib";
import { bundleVerifier, VERIFIER_ENTRY } from "./bundleVerifier.mjs";

const BUDGET_BYTES = 150 * 1024;

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

try {
  const bundle = await bundleVerifier();
  const gzipped = gzipSync(bundle, { level: 9 }).length;
  console.log(
    `${VERIFIER_ENTRY} bundled for browsers: ${kilobytes(bundle.length)} minified, ${kilobytes(gzipped)} gzipped, ` +
      `budget ${kilobytes(BUDGET_BYTES)}`,
  );
  if (gzipped > BUDGET_BYTES) {
    console.error(
      "over budget: look for an import that the verifier does not need (npm run deps names the forbidden ones)",
    );
    process.exitCode = 1;
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
