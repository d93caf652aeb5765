/** Writes docs/spec/vectors from the code: the test that compares them, told to write instead. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const VITEST = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const { status } = spawnSync(process.execPath, [VITEST, "run", "test/spec/vectors.test.ts", "--update"], {
  cwd: ROOT,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
