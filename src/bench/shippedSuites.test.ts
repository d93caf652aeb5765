import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSuite } from "./readSuite.ts";

const FOLDER = "benchmarks/suites";
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

describe("suites that are shipped", () => {
  it("are all there", () => {
    expect(files).toEqual([
      "activation-bits.json",
      "cifar-grow.json",
      "mnist-six.json",
      "scales.json",
      "scaling-depth.json",
      "scaling-width.json",
    ]);
  });

  it.each(files)("%s holds no unknown name", (name) => {
    expect(`${readSuite(`${FOLDER}/${name}`).name}.json`).toBe(name);
  });
});
