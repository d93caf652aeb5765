/**
 * The modules of the project in one process, with one of them changed as often as wanted: every source is compiled once, to
 * a function of its imports, and only what imports the changed one is instantiated anew. So a mutant costs milliseconds,
 * and everything beneath it keeps the engine's optimised code.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";
import { transformSync } from "esbuild";

const PARAMETERS = ["require", "exports", "module", "importMetaUrl"];

export class ModuleGraph {
  #root;
  #packages;
  #prepare;
  #factories = new Map();
  /** Modules as they are on disk. */
  #unchanged = new Map();
  /** Modules that import each module. */
  #importers = new Map();

  /**
   * `packages`: modules from outside, by the name under which they are imported; `prepare`: what is done to a source
   * before it is compiled.
   */
  constructor(root, packages, prepare = (_, source) => source) {
    this.#root = root;
    this.#packages = packages;
    this.#prepare = prepare;
  }

  /** Names of packages that the sources import. */
  static packagesOf(root, paths) {
    const names = new Set();
    const visited = new Set();
    const visit = (path) => {
      if (visited.has(path)) return;
      visited.add(path);
      const source = readFileSync(path, "utf8");
      for (const [, name] of source.matchAll(/(?:^|\s)(?:from|import)\s+"([^"]+)"/g)) {
        if (!name.startsWith(".")) names.add(name);
        else if (existsSync(resolve(dirname(path), name))) visit(resolve(dirname(path), name));
      }
    };
    for (const path of paths) visit(join(root, path));
    return [...names].sort();
  }

  /**
   * A function that loads modules by their path from the root; `changed`: the one that is not as it is on disk. Whatever
   * will be loaded must have been loaded unchanged before.
   */
  instantiate(changed) {
    const affected = changed === undefined ? new Set() : this.#reaching(changed.path);
    const fresh = new Map();
    const load = (path) => {
      const loaded = affected.has(path) ? fresh : this.#unchanged;
      const known = loaded.get(path);
      if (known !== undefined) return known.exports;
      const module = { exports: {} };
      loaded.set(path, module);
      const factory = changed?.path === path ? this.#compile(path, changed.source) : this.#factory(path);
      const require = (specifier) => {
        if (!specifier.startsWith(".")) return this.#package(specifier, path);
        const target = relative(this.#root, resolve(this.#root, dirname(path), specifier));
        const importers = this.#importers.get(target) ?? new Set();
        this.#importers.set(target, importers.add(path));
        return load(target);
      };
      factory(require, module.exports, module, pathToFileURL(join(this.#root, path)).href);
      return module.exports;
    };
    return load;
  }

  /** Modules that import this one, directly or not, and itself. */
  #reaching(path) {
    const found = new Set([path]);
    for (const reached of found)
      for (const importer of this.#importers.get(reached) ?? []) found.add(importer);
    return found;
  }

  #package(name, path) {
    const found = this.#packages.get(name);
    if (found === undefined) throw new Error(`${path} imports ${name}, which was not loaded`);
    return found;
  }

  #factory(path) {
    let factory = this.#factories.get(path);
    if (factory === undefined) {
      factory = this.#compile(path, readFileSync(join(this.#root, path), "utf8"));
      this.#factories.set(path, factory);
    }
    return factory;
  }

  #compile(path, source) {
    const { code } = transformSync(this.#prepare(path, source), {
      loader: path.endsWith(".ts") ? "ts" : "js",
      format: "cjs",
      target: "es2022",
      define: { "import.meta.url": "importMetaUrl" },
      logLevel: "silent",
    });
    return compileFunction(code, PARAMETERS, { filename: path });
  }
}

/** Packages by name; `vitest` is the small stand-in of this folder. */
export async function loadPackages(names) {
  const packages = new Map();
  for (const name of names) {
    const target = name === "vitest" ? new URL("./unitTests.mjs", import.meta.url).href : name;
    packages.set(name, await import(target).catch((error) => ({ missing: error })));
  }
  return packages;
}
