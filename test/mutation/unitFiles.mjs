/** Unit tests that can judge mutants in this process: those that pass here unchanged, and soon enough. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** A step of a file that takes longer does not end, or is no step to repeat for every mutant. */
const STEP_MS = 10_000;
/** What stands around the proof system: command line, files and models. */
const ELSEWHERE = /^src\/(cli|files|formats|graph|quant|data|kernels)\//;

/** Here nearly every test reaches everything, with whole proofs. */
const WIDE = "src/engine";

/** @returns {{ path: string, text: string, imports: Set<string>, reaches: Set<string> }[]} files of tests, by what they load */
export function unitTestFiles(root, listed) {
  return listed
    .map((path) => join("src", path))
    .filter((path) => path.endsWith(".test.ts") && !ELSEWHERE.test(path))
    .map((path) => {
      const reaches = new Set([path]);
      for (const reached of reaches) for (const next of importsOf(root, reached)) reaches.add(next);
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: new Set(importsOf(root, path)), reaches };
    });
}

const imports = new Map();

function importsOf(root, path) {
  if (!imports.has(path)) {
    const source = readFileSync(join(root, path), "utf8");
    const names = [...source.matchAll(/from\s+"(\.[^"]+)"/g)].map(([, name]) => name);
    const targets = names.map((name) => relative(root, resolve(root, dirname(path), name)));
    imports.set(
      path,
      targets.filter((target) => existsSync(join(root, target))),
    );
  }
  return imports.get(path);
}

/** Replaces modules, or prepares and tidies up: only vitest itself runs such files. */
const NEEDS_VITEST = /vi\.(hoisted|mock)\(|\b(before|after)(Each|All)\(/;

const areaOf = (path) => path.split("/").slice(0, 2).join("/");

/** Files and what they take unchanged, measured when they are first asked for. */
export class UnitFiles {
  #files;
  #log;
  #costs = new Map();

  constructor(files, log) {
    this.#files = files;
    this.#log = log;
  }

  /** Those that concern a mutant, the likeliest first, until they have taken `budgetMs`. */
  async *for(mutant, judge, budgetMs) {
    let total = 0;
    for (const file of this.#concerning(mutant)) {
      if (NEEDS_VITEST.test(file.text)) continue;
      if (total >= budgetMs) return;
      const { path } = file;
      if (!this.#costs.has(path)) this.#costs.set(path, await this.#measure(file, judge));
      const cost = this.#costs.get(path);
      if (cost === Infinity) continue;
      total += cost;
      yield file;
    }
  }

  /** Those that name the check's code and that only vitest itself can run. */
  leftOut({ code }) {
    const named = this.#files.filter(({ text }) => code !== null && text.includes(code));
    return named.filter(({ text }) => NEEDS_VITEST.test(text)).map(({ path }) => path);
  }

  /** Those that import the mutated source, name the check's code, or stand in the same folder of `src` and reach it. */
  #concerning({ path, code }) {
    const distance = (file) => {
      if (file.imports.has(path)) return dirname(file.path) === dirname(path) ? 0 : 1;
      if (code !== null && file.text.includes(code)) return 2;
      const isNear = areaOf(file.path) === areaOf(path) && areaOf(path) !== WIDE;
      if (!isNear || !file.reaches.has(path)) return Infinity;
      return dirname(file.path) === dirname(path) ? 3 : 4;
    };
    const cost = (file) => this.#costs.get(file.path) ?? file.text.length / 10;
    return this.#files
      .filter((file) => distance(file) < Infinity)
      .sort((a, b) => distance(a) - distance(b) || cost(a) - cost(b));
  }

  async #measure({ path }, judge) {
    const begin = performance.now();
    const { by } = await judge.ask({ changed: undefined, test: path }, STEP_MS);
    if (by === null) return performance.now() - begin;
    this.#log(`left out: ${by}`);
    return Infinity;
  }
}
