/** Unit tests that can judge mutants in this process: those that pass here unchanged, and soon enough. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** A step of a file that takes longer does not end, or is no step to repeat for every mutant. */
const STEP_MS = 10_000;
/** What a mutant that nothing finds may take. */
const TOTAL_MS = 40_000;
/** What stands around the proof system: command line, files and models. */
const ELSEWHERE = /^src\/(cli|files|formats|graph|quant|data|kernels)\//;

/** @returns {{ path: string, reaches: Set<string> }[]} */
export function unitTestFiles(root, listed) {
  return listed
    .map((path) => join("src", path))
    .filter((path) => path.endsWith(".test.ts") && !ELSEWHERE.test(path))
    .map((path) => ({ path, reaches: reachedBy(root, path) }));
}

function reachedBy(root, start) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    const source = readFileSync(join(root, path), "utf8");
    for (const [, name] of source.matchAll(/from\s+"(\.[^"]+)"/g)) {
      const target = relative(root, resolve(root, dirname(path), name));
      if (existsSync(join(root, target))) visit(target);
    }
  };
  visit(start);
  return found;
}

/** Runs every file once, unchanged; `for(path)` gives the usable ones that reach a source, neighbours and fast ones first. */
export async function orderedTests(files, judge, log) {
  const usable = [];
  for (const file of files) {
    const begin = performance.now();
    const by = await judge.ask({ changed: undefined, test: file.path }, STEP_MS);
    const ms = performance.now() - begin;
    if (by === null) usable.push({ ...file, ms });
    else log(`left out: ${by}`);
  }
  await judge.stop();
  log(`${usable.length} of ${files.length} files of unit tests judge mutants`);
  const distance = (test, path) => (dirname(test.path) === dirname(path) ? 0 : 1);
  return {
    for: (path) => {
      const reaching = usable.filter(({ reaches }) => reaches.has(path));
      reaching.sort((a, b) => distance(a, path) - distance(b, path) || a.ms - b.ms);
      let total = 0;
      return reaching.filter(({ ms }) => {
        total += ms;
        return total <= TOTAL_MS;
      });
    },
  };
}
