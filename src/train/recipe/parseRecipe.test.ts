import { describe, expect, it } from "vitest";
import type { TensorproofError } from "../../errors/tensorproofError.ts";
import type { DataSource } from "../data/dataSource.ts";
import { parseRecipe } from "./parseRecipe.ts";

const source: DataSource = {
  exists: (path) => path.startsWith("there/"),
  read: () => new Uint8Array(0),
  mnistFolder: () => "there/mnist",
};

const NETWORK = {
  kind: "network",
  layers: [
    { type: "conv2d", filters: 4, kernel: [3, 3], padding: "same" },
    { type: "relu" },
    { type: "flatten" },
    { type: "dense", units: 10 },
  ],
  training: { epochs: 2 },
};

function problemsOf(recipe: unknown): readonly string[] {
  try {
    parseRecipe(JSON.stringify(recipe), "recipe.json", source);
  } catch (error) {
    expect((error as TensorproofError).code).toBe("recipe.invalid");
    return (error as TensorproofError).details as readonly string[];
  }
  return [];
}

describe("parseRecipe", () => {
  it("fills in the seed", () => {
    const recipe = { name: "digits", data: { source: "mnist" }, model: NETWORK };
    expect(parseRecipe(JSON.stringify(recipe), "r.json", source)).toEqual({ ...recipe, seed: 1 });
  });

  it("names everything that is wrong at once", () => {
    const problems = problemsOf({
      name: "",
      sead: 3,
      data: { source: "csv", file: "t.csv", testShare: 1, scaling: "log" },
      model: {
        kind: "network",
        layers: [{ type: "dense", units: 0 }, { type: "rleu" }, { type: "conv2d", filters: 2, kernel: [1] }],
        training: { epochs: 1.5, learningRate: 0 },
      },
    });
    for (const place of [
      'recipe.name: expected text, got ""',
      'recipe: there is no field "sead" (did you mean "seed"?)',
      "recipe.data.testShare: expected a number, more than 0 and less than 1, got 1",
      "recipe.data.scaling",
      "recipe.model.layers[0].units: expected a whole number from 1",
      "recipe.model.layers[1].type: expected dense, conv2d",
      'did you mean "relu"',
      "recipe.model.layers[2].kernel",
      "recipe.model.training.epochs",
      "recipe.model.training.learningRate",
    ])
      expect(problems.join("\n")).toContain(place);
    expect(problems).toHaveLength(9);
  });

  it.each([
    [{ source: "csv", file: "away.csv" }, { kind: "linear" }, [/"target" is missing/, /no file "away.csv"/]],
    [{ source: "cifar10", folder: "away" }, NETWORK, [/train.bin/, /test.bin/]],
    [
      { source: "mnist", folder: "away" },
      NETWORK,
      [/train-images/, /train-labels/, /t10k-images/, /t10k-labels/],
    ],
    [{ source: "mnist", classes: [1, 1] }, NETWORK, [/named twice/]],
    [{ source: "mnist" }, { kind: "ridge" }, [/is a regression/]],
    [
      { source: "csv", file: "there/t", target: "y", task: "regression" },
      { kind: "logistic" },
      [/no regression/],
    ],
    [
      { source: "mnist" },
      { ...NETWORK, from: "away.onnx" },
      [/either "layers" or "from"/, /no file "away.onnx"/],
    ],
    [{ source: "mnist" }, { ...NETWORK, training: { epochs: 1, momentum: 0.5 } }, [/only "sgd"/]],
    [{ source: "mnist", classes: [0, 10] }, NETWORK, [/from 0 to 9/]],
  ])("%j with %j", (data, model, expected) => {
    const problems = problemsOf({ name: "n", data, model });
    expect(problems).toHaveLength(expected.length);
    expected.forEach((pattern, at) => {
      expect(problems[at]).toMatch(pattern);
    });
  });

  it("says where JSON ends to be JSON", () => {
    expect(() => parseRecipe("{", "recipe.json", source)).toThrow(/"recipe.json": no JSON/);
  });
});
