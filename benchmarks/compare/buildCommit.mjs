/** An older state of the repository, built beside it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** @returns the folder with the built library; uses the dependencies that are installed now */
export function buildCommit(root, commit, folder) {
  const target = join(folder, "old");
  mkdirSync(target);
  const archive = execFileSync("git", ["archive", commit], { cwd: root, maxBuffer: 2 ** 30 });
  execFileSync("tar", ["x", "-C", target], { input: archive });
  symlinkSync(join(root, "node_modules"), join(target, "node_modules"));
  execFileSync(process.execPath, ["scripts/buildKernels.mjs"], { cwd: target, stdio: "inherit" });
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: target, stdio: "inherit" });
  return join(target, "dist");
}
