import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Network } from "../network/network.ts";
import { parseRecipe } from "./parseRecipe.ts";
import type { Recipe } from "./recipe.ts";

const FOLDER = "examples/recipes";
const everything = { exists: () => true, read: () => new Uint8Array(0), mnistFolder: () => "" };

function read(file: string): Recipe {
  return parseRecipe(readFileSync(`${FOLDER}/${file}`, "utf8"), file, everything);
}

describe("recipes that are shipped", () => {
  it.each(readdirSync(FOLDER))("%s is understood", (file) => {
    expect(read(file).name).not.toBe("");
  });

  it("the comparison network for CIFAR-10 has the size of its name", () => {
    const { model } = read("cifar-cnn-264k.json");
    if (model.kind !== "network" || model.layers === undefined) throw new Error("expected layers");
    const network = new Network({ inputShape: [3, 32, 32], layers: model.layers }, 1);
    const size = network.parameters.reduce((sum, { values }) => sum + values.length, 0);
    expect(Math.round(size / 1000)).toBe(264);
  });
});
