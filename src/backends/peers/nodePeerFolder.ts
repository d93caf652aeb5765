import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Imports a package from the node_modules of a folder. */
export async function importFrom(folder: string, name: string): Promise<unknown> {
  const found = createRequire(join(resolve(folder), "index.js")).resolve(name);
  return import(/* @vite-ignore */ pathToFileURL(found).href);
}
