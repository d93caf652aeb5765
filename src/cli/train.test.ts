/** `train` as a user calls it, on tables and images that are made here. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SeededRandom } from "../train/random.ts";
import { CommandLine } from "./testing/commandLine.ts";

const TIMEOUT = 240_000;
let cli: CommandLine;

/** Weight and height decide; colour says nothing. */
function table(rows: number): string {
  const random = new SeededRandom(1);
  const lines = Array.from({ length: rows }, () => {
    const weight = 40 + 60 * random.nextFloat();
    const height = 150 + 50 * random.nextFloat();
    const index = weight / (height / 100) ** 2;
    const colour = ["red", "green", "blue"][random.nextBelow(3)];
    return `${weight.toFixed(1)},${height.toFixed(0)},${colour},${index > 25 ? "high" : "low"},${index.toFixed(2)}`;
  });
  return ["weight,height,colour,group,index", ...lines].join("\n");
}

const CLASSES = { source: "csv", file: "table.csv", target: "group", ignore: ["index"] };
const NUMBERS = { source: "csv", file: "table.csv", target: "index", task: "regression", ignore: ["group"] };
const LAYERS = [{ type: "dense", units: 8 }, { type: "relu" }, { type: "dense", units: 2 }];
const NETWORK = { kind: "network", layers: LAYERS, training: { epochs: 20, batch: 16, learningRate: 0.02 } };

function writeRecipe(name: string, data: unknown, model: unknown): string {
  writeFileSync(cli.path(`${name}.json`), JSON.stringify({ name, data, model }));
  return `${name}.json`;
}

beforeAll(async () => {
  cli = await CommandLine.create();
  writeFileSync(cli.path("table.csv"), table(300));
}, TIMEOUT);

afterAll(() => cli.dispose());

describe("train", () => {
  it.each([
    ["network", CLASSES, NETWORK, "onnx", "accuracy", 0.9],
    ["logistic", CLASSES, { kind: "logistic" }, "json", "accuracy", 0.9],
    ["tree", CLASSES, { kind: "tree", maxDepth: 6 }, "onnx", "accuracy", 0.9],
    ["regression-tree", NUMBERS, { kind: "tree", minLeaf: 3 }, "onnx", "r2", 0.9],
    ["linear", NUMBERS, { kind: "linear" }, "json", "r2", 0.9],
    ["ridge", NUMBERS, { kind: "ridge", alpha: 0.1 }, "json", "r2", 0.9],
    ["quadratic", NUMBERS, { kind: "polynomial-ridge", degree: 2, alpha: 1e-4 }, "json", "r2", 0.99],
    ["cubic", NUMBERS, { kind: "polynomial-ridge", degree: 3, alpha: 1e-4 }, "onnx", "r2", 0.995],
  ] as const)(
    "%s: a model whose program is as good as the report says",
    async (name, data, model, extension, measure, least) => {
      const recipe = writeRecipe(name, data, model);
      const { exitCode, answer } = await cli.json("train", recipe, "-o", name, "--write-data");
      expect(exitCode).toBe(0);
      const quality = answer.quality as { test: Record<string, number> };
      expect(quality.test[measure]).toBeGreaterThan(least);
      const file = `${name}/${name}.${extension}`;
      const checked = await cli.json(
        ...["evaluate", file, "--calibrate", `${name}/train.npy`, "--activation-bits", "12"],
        ...["--data", `${name}/test.npy`, "--labels", `${name}/test-labels.npy`],
      );
      expect(checked.answer.error).toBeUndefined();
      const { float, integer } = checked.answer as Record<string, Record<string, number>>;
      expect(float[measure]).toBeCloseTo(quality.test[measure], 4);
      expect(integer[measure]).toBeGreaterThan(quality.test[measure] - 0.02);
    },
    TIMEOUT,
  );

  it(
    "writes the same bytes for the same seed",
    async () => {
      const recipe = writeRecipe("again", CLASSES, NETWORK);
      for (const folder of ["first", "second"])
        expect((await cli.run("train", recipe, "-o", folder)).exitCode).toBe(0);
      for (const file of ["again.onnx", "again.training.json"])
        expect(readFileSync(cli.path(`second/${file}`))).toEqual(readFileSync(cli.path(`first/${file}`)));
    },
    TIMEOUT,
  );

  it(
    "goes on with a trained file, rounding for few bits, and reports both",
    async () => {
      const quantisation = { weightBits: 4, activationBits: 4, epochs: 10, learningRate: 0.005 };
      writeRecipe("start", CLASSES, NETWORK);
      await cli.run("train", "start.json", "-o", "start");
      const recipe = writeRecipe("tuned", CLASSES, {
        ...{ kind: "network", from: "start/start.onnx", training: { epochs: 0 }, quantisation },
      });
      const { exitCode, stdout, stderr } = await cli.run("train", recipe, "-o", "tuned", "--json");
      const answer = JSON.parse(stdout);
      expect(answer.error).toBeUndefined();
      expect(exitCode).toBe(0);
      expect(stderr).toContain("epoch 10 of 10");
      expect(answer.quantised).toMatchObject({ weightBits: 4, activationBits: 4, count: 90 });
      const { after, before } = answer.quantised as Record<string, { accuracy: number }>;
      expect(after.accuracy).toBeGreaterThanOrEqual(before.accuracy);
    },
    TIMEOUT,
  );

  it(
    "groups rows without a target",
    async () => {
      const data = { source: "csv", file: "table.csv", ignore: ["index", "group", "colour"] };
      const recipe = writeRecipe("groups", data, { kind: "k-means", clusters: 4 });
      const { exitCode, answer } = await cli.json("train", recipe, "-o", "groups");
      expect(exitCode).toBe(0);
      expect(answer).toMatchObject({ quality: null, parameters: 8 });
      expect((answer.distance as { test: number }).test).toBeLessThan(0.1);
    },
    TIMEOUT,
  );

  it(
    "names all faults of a recipe and writes nothing",
    async () => {
      const recipe = writeRecipe("bad", { ...CLASSES, file: "away.csv", shuffle: 1 }, { kind: "forest" });
      const { exitCode, answer } = await cli.json("train", recipe, "-o", "bad");
      expect(exitCode).toBe(2);
      const { code, details } = answer.error as { code: string; details: string[] };
      expect(code).toBe("recipe.invalid");
      expect(details.join()).toMatch(/no field "shuffle".*recipe.model.kind/s);
      expect(() => readdirSync(cli.path("bad"))).toThrow();
    },
    TIMEOUT,
  );

  it(
    "leaves nothing behind when it is interrupted",
    async () => {
      mkdirSync(cli.path("stopped"));
      const long = { ...NETWORK, training: { epochs: 100_000 } };
      const recipe = writeRecipe("long", CLASSES, long);
      const outcome = await cli.interruptedAfter("epoch 2 of", "SIGINT", "train", recipe, "-o", "stopped");
      expect(outcome.exitCode).not.toBe(0);
      expect(readdirSync(cli.path("stopped"))).toEqual([]);
    },
    TIMEOUT,
  );
});
