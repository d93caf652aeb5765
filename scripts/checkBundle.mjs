/**
 * The verifier must stay small enough for a phone, at most 150 KB gzipped, and its answer must depend on its arguments
 * alone: no Node builtin, no clock, no randomness, no network, no code made at run time.
 */
import { gzipSync } from "node:zlib";
import { bundleVerifier, VERIFIER_ENTRY } from "./bundleVerifier.mjs";

const BUDGET_BYTES = 150 * 1024;
const FORBIDDEN = [
  /\bMath\.random\b/,
  /\bDate\b/,
  /\bperformance\b/,
  /\bfetch\(/,
  /\bXMLHttpRequest\b/,
  /\beval\(/,
  /\bnew Function\b/,
];

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

function faultsOf(bundle, gzipped) {
  const faults = [];
  if (gzipped > BUDGET_BYTES) {
    faults.push(
      "over budget: look for an import that the verifier does not need (npm run deps names forbidden ones)",
    );
  }
  const code = new TextDecoder().decode(bundle);
  for (const pattern of FORBIDDEN) {
    const at = code.search(pattern);
    if (at < 0) continue;
    const excerpt = code.slice(Math.max(0, at - 60), at + 60).replaceAll("\n", " ");
    faults.push(
      `the verifier may not use ${code.slice(at).match(pattern)[0]}, yet the bundle has: …${excerpt}…`,
    );
  }
  return faults;
}

try {
  const bundle = await bundleVerifier();
  const gzipped = gzipSync(bundle, { level: 9 }).length;
  console.log(
    `${VERIFIER_ENTRY} bundled for browsers: ${kilobytes(bundle.length)} minified, ${kilobytes(gzipped)} gzipped, ` +
      `budget ${kilobytes(BUDGET_BYTES)}`,
  );
  const faults = faultsOf(bundle, gzipped);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
