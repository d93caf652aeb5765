/** Judges by vitest itself, in a copy of the tree: for files that replace modules or prepare tests, which no worker can run. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const TIMEOUT_MS = 180_000;

export class VitestJudge {
  #root;
  #passes = new Map();

  /** `root`: a copy that nothing else reads while a mutant stands in it. */
  constructor(root) {
    this.#root = root;
  }

  /** The first of these files that passes as long as nothing is changed, and fails with the mutant. */
  ask(files, { path, source }) {
    const changed = join(this.#root, path);
    const original = readFileSync(changed, "utf8");
    for (const file of files) {
      if (!this.#passes.has(file)) this.#passes.set(file, this.#run(file));
      if (!this.#passes.get(file)) continue;
      writeFileSync(changed, source);
      const passes = this.#run(file);
      writeFileSync(changed, original);
      if (!passes) return `${file}: vitest`;
    }
    return null;
  }

  #run(file) {
    const vitest = join(this.#root, "node_modules", ".bin", "vitest");
    const { status } = spawnSync(vitest, ["run", "--bail", "1", file], {
      cwd: this.#root,
      timeout: TIMEOUT_MS,
      stdio: "ignore",
    });
    return status === 0;
  }
}
