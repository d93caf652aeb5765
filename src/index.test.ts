import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import * as entry from "./index.ts";

describe("the library's entry", () => {
  it("offers no slot counter: one that forgets would let a stored key open its weights too often", () => {
    expect(Object.keys(entry).filter((name) => /slot/i.test(name))).toEqual([]);
  });

  it("reaches nothing of Node, so that a browser can load it", async () => {
    const { metafile } = await build({
      entryPoints: ["src/index.ts"],
      bundle: true,
      write: false,
      metafile: true,
      packages: "external",
      format: "esm",
    });
    const imports = Object.values(metafile.inputs).flatMap((file) => file.imports.map(({ path }) => path));
    expect(imports.filter((path) => path.startsWith("node:"))).toEqual([]);
  });
});
