/**
 * One concept per file: a source file over 15 KB is questioned (printed), one over 25 KB is refused (exit code 1).
 * Generated files, lock files and data (JSON, models, images) are not written by hand and not counted.
 */
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { extname } from "node:path";

const QUESTION_BYTES = 15 * 1024;
const REFUSE_BYTES = 25 * 1024;
const WRITTEN_BY_HAND = new Set([".ts", ".mts", ".js", ".mjs", ".cjs", ".sh", ".html", ".css"]);

// Untracked files count too, so that the answer is the same before and after `git add`.
const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
/** Reports of `bench` are made from their results. */
const isGenerated = (path) => path.includes("/generated/") || path.startsWith("benchmarks/results/");
const files = listed
  .split("\0")
  .filter((path) => WRITTEN_BY_HAND.has(extname(path)) && !isGenerated(path) && existsSync(path))
  .map((path) => ({ path, bytes: statSync(path).size }))
  .sort((a, b) => b.bytes - a.bytes);

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const refused = files.filter(({ bytes }) => bytes > REFUSE_BYTES);
const questioned = files.filter(({ bytes }) => bytes > QUESTION_BYTES && bytes <= REFUSE_BYTES);

for (const { path, bytes } of questioned) {
  console.log(
    `question: ${path} has ${kilobytes(bytes)}; over ${kilobytes(QUESTION_BYTES)}, is it still one concept?`,
  );
}
for (const { path, bytes } of refused) {
  console.error(
    `refused: ${path} has ${kilobytes(bytes)}; split it by concept (limit ${kilobytes(REFUSE_BYTES)})`,
  );
}
const largest = files[0];
console.log(
  `${files.length} files, largest ${largest ? `${largest.path} (${kilobytes(largest.bytes)})` : "none"}, ` +
    `${questioned.length} questioned, ${refused.length} refused`,
);
process.exitCode = refused.length > 0 ? 1 : 0;
