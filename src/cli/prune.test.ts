import { readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeOnnx } from "../formats/onnx/write.ts";
import { toGraph } from "../train/exchange/toGraph.ts";
import { Network } from "../train/network/network.ts";
import { SeededRandom } from "../train/random.ts";
import { CommandLine } from "./testing/commandLine.ts";

let cli: CommandLine;

const RECIPE = {
  name: "points",
  data: { source: "csv", file: "points.csv", target: "side" },
  model: {
    kind: "network",
    layers: [{ type: "dense", units: 2 }],
    training: { epochs: 12, batch: 8, learningRate: 0.02 },
  },
};

beforeAll(async () => {
  cli = await CommandLine.create();
  const layers = [
    { type: "dense", units: 12 },
    { type: "relu" },
    { type: "dense", units: 2, name: "scores" },
  ] as const;
  const network = new Network({ inputShape: [3], layers }, 2);
  writeFileSync(cli.path("net.onnx"), writeOnnx(toGraph(network, "points")));
  const random = new SeededRandom(3);
  const rows = Array.from({ length: 300 }, () => {
    const [a, b, c] = [random.nextFloat(), random.nextFloat(), random.nextFloat()];
    return [a, b, c, a + b > 1 ? "above" : "below"].join(",");
  });
  writeFileSync(cli.path("points.csv"), ["a,b,c,side", ...rows].join("\n"));
  writeFileSync(cli.path("recipe.json"), JSON.stringify(RECIPE));
});

afterAll(() => cli.dispose());

const prune = (...args: string[]): ReturnType<CommandLine["json"]> => cli.json("prune", "net.onnx", ...args);

describe("prune", () => {
  it("shrinks a network, says what that changes, and writes what can be proven", async () => {
    const options = ["--method", "structured", "--amount", "0.5", "--recipe", "recipe.json", "--finetune"];
    const { exitCode, answer } = await prune(...options, "--iterations", "2");
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      model: "net.pruned.onnx",
      layers: ["dense1"],
      before: { costs: { weights: 3 * 12 + 12 + 12 * 2 + 2 } },
      after: { costs: { weights: 3 * 6 + 6 + 6 * 2 + 2 } },
    });
    const { before, after } = answer;
    expect(after.quality.integer.accuracy).toBeGreaterThan(0.9);
    for (const kind of ["constantWeights", "hiddenWeights"])
      expect(after.costs.r1cs[kind].constraints).toBeLessThan(before.costs.r1cs[kind].constraints);
    writeFileSync(cli.path("point.json"), "[[0.2, 0.9, 0.5]]");
    const proven = await cli.json(
      "prove",
      "net.pruned.onnx",
      "--input",
      "point.json",
      "--input-range",
      "0,1",
    );
    expect(proven.exitCode).toBe(0);
    expect((await cli.json("verify", "out.proof", "--key", "out.proof.vk")).exitCode).toBe(0);
  });

  it("makes zeros, which cost an R1CS with constant weights nothing", async () => {
    const { answer } = await prune("--method", "magnitude", "--amount", "0.5", "--input-range", "0,1");
    const { before, after } = answer;
    expect(after.costs.weights).toBe(before.costs.weights);
    expect(after.costs.nonZeroWeights).toBeLessThanOrEqual(before.costs.nonZeroWeights - 30);
    expect(after.costs.r1cs.constantWeights.terms).toBeLessThan(before.costs.r1cs.constantWeights.terms);
  });

  it.each([
    [["--amount", "1.5", "--method", "magnitude"], "usage"],
    [["--amount", "", "--method", "magnitude"], "usage"],
    [["--amount", "0.5", "--method", "biggest"], "usage"],
    [["--amount", "0.5", "--method", "magnitude", "--scope", "layer:score"], "prune.layer"],
    [["--amount", "0.5", "--method", "magnitude", "--scope", "all"], "prune.scope"],
    [["--amount", "0.5", "--method", "movement", "--recipe", "recipe.json"], "usage"],
    [["--amount", "0.5", "--method", "magnitude", "--finetune"], "usage"],
    [["--amount", "0.5", "--method", "magnitude", "--recipe", "none.json"], "file.missing"],
  ])("refuses %j and writes nothing", async (args, code) => {
    const { exitCode, answer } = await prune(...args, "-o", "refused.onnx");
    expect(exitCode).toBe(2);
    expect(answer.error.code).toBe(code);
    expect(readdirSync(cli.folder)).not.toContain("refused.onnx");
  });
});
