import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeOnnx } from "../formats/onnx/write.ts";
import { runGraph } from "../graph/run.ts";
import { floatTensor } from "../tensor/tensor.ts";
import { toGraph } from "../train/exchange/toGraph.ts";
import { Network } from "../train/network/network.ts";
import { SeededRandom } from "../train/random.ts";
import { CommandLine } from "./testing/commandLine.ts";

let cli: CommandLine;

const LAYERS = [{ type: "dense", units: 10 }, { type: "relu" }, { type: "dense", units: 3 }] as const;
const COUNT = 300;

beforeAll(async () => {
  cli = await CommandLine.create();
  const graph = toGraph(new Network({ inputShape: [5], layers: LAYERS }, 2), "points");
  writeFileSync(cli.path("net.onnx"), writeOnnx(graph));
  const random = new SeededRandom(3);
  const inputs = Float32Array.from({ length: 5 * COUNT }, () => random.nextFloat());
  const scores = runGraph(graph, [floatTensor([COUNT, 5], inputs)]).get(graph.outputs[0].name)?.data ?? [];
  const labels = Array.from({ length: COUNT }, (_, n) => {
    const own = [0, 1, 2].map((j) => scores[3 * n + j]);
    return own.indexOf(Math.max(...own));
  });
  const rows = labels.map((_, n) => [...inputs.subarray(5 * n, 5 * n + 5)]);
  writeFileSync(cli.path("data.json"), JSON.stringify(rows));
  writeFileSync(cli.path("labels.json"), JSON.stringify(labels));
  writeFileSync(cli.path("wrong.json"), JSON.stringify(labels.map((label, n) => (n === 7 ? 3 : label))));
  writeFileSync(cli.path("short.json"), JSON.stringify(labels.slice(1)));
  writeFileSync(
    cli.path("holes.csv"),
    rows.map((row, n) => (n === 4 ? "0.1,,0.2,0.3,0.4" : row.join(","))).join("\n"),
  );
  const table = rows.map((row, n) => [...row, `c${labels[n]}`].join(","));
  writeFileSync(cli.path("table.csv"), ["a,b,c,d,e,kind", ...table].join("\n"));
  const recipe = {
    name: "kinds",
    data: { source: "csv", file: "table.csv", target: "kind" },
    model: { kind: "network", layers: LAYERS, training: { epochs: 4, batch: 16, learningRate: 0.02 } },
  };
  writeFileSync(cli.path("recipe.json"), JSON.stringify(recipe));
});

afterAll(() => cli.dispose());

const DATA = ["--data", "data.json", "--labels", "labels.json"];

describe("sweep", () => {
  it("evaluates and costs every point, and recommends what compile picks", { timeout: 300_000 }, async () => {
    const budget = ["--accuracy-loss", "2%", "--cost", "constraints"];
    const { exitCode, answer } = await cli.json("sweep", "net.onnx", ...DATA, ...budget, "-o", "full");
    expect(exitCode).toBe(0);
    expect(answer.points).toHaveLength(24);
    const { point, evaluation, costs } = answer.recommended;
    expect(evaluation.float.accuracy).toBe(1);
    expect(evaluation.integer.accuracy).toBeGreaterThanOrEqual(0.98);
    for (const other of answer.points)
      if (other.costs.constraints < costs.constraints)
        expect(other.evaluation.integer.accuracy).toBeLessThan(0.98);
    const compiled = await cli.json("compile", "net.onnx", ...DATA, ...budget, "-o", "net.tp");
    expect(compiled.exitCode).toBe(0);
    expect(compiled.answer.chosen).toMatchObject({ point, costValue: costs.constraints, evaluation });
    expect(compiled.answer.report.activationBits).toBe(point.activationBits);
    expect(readFileSync(cli.path("full/report.html"), "utf8")).toContain("Pareto front");
  });

  it("keeps finished points, and a point that fails is a row with its reason", async () => {
    const args = ["sweep", "net.onnx", ...DATA, "--weight-bits", "8", "-o", "kept"];
    await cli.json(...args, "--activation-bits", "6");
    const path = cli.path("kept/points.json");
    // A mark that survives only where the point is not measured again.
    writeFileSync(path, readFileSync(path, "utf8").replace(/"agreement": [\d.]+/, '"agreement": 0.125'));
    const { answer } = await cli.json(...args, "--activation-bits", "6..7", "--modes", "pow2,exact-int8");
    expect(answer.points.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "done",
      "done",
      "failed",
    ]);
    expect(answer.points[0].evaluation.agreement).toBe(0.125);
    expect(answer.points[1].evaluation.agreement).not.toBe(0.125);
    expect(answer.points[2].reason).toMatch(/quantis/);
  });

  it("trains a network for each width", async () => {
    const bits = ["--weight-bits", "auto", "--activation-bits", "8"];
    const { exitCode, answer } = await cli.json(
      "sweep",
      "--recipe",
      "recipe.json",
      "--widths",
      "4,12",
      ...bits,
    );
    expect(exitCode).toBe(0);
    const [narrow, wide] = answer.points;
    expect(narrow.point.width).toBe("4");
    expect(wide.costs.constraints).toBeGreaterThan(narrow.costs.constraints);
    expect(wide.evaluation.float.accuracy).not.toBe(narrow.evaluation.float.accuracy);
  });

  it.each([
    [["net.onnx", ...DATA, "--weight-bits", "8..4"], "sweep.axes", /upside down/],
    [["net.onnx", ...DATA, "--activation-bits", "3"], "sweep.axes", /out of range/],
    [["net.onnx", ...DATA, "--scales", "x"], "sweep.axes", /no number/],
    [["net.onnx", ...DATA, "--modes", "pow3"], "sweep.axes", /no mode "pow3"/],
    [["net.onnx", ...DATA, "--widths", "8"], "usage", /--recipe/],
    [["--recipe", "recipe.json", "--widths", "0"], "sweep.axes", /no width/],
    [["--recipe", "recipe.json", "--widths", "3x4x5"], "sweep.widths", /1 hidden/],
    [["--recipe", "recipe.json", ...DATA], "usage", /own samples/],
    [["net.onnx", "--data", "data.json"], "usage", /--labels/],
    [["net.onnx", ...DATA, "--accuracy-loss", "120%"], "usage", /share/],
    [["net.onnx", "--data", "data.json", "--labels", "wrong.json"], "input.dtype", /label 3 of sample 7/],
    [["net.onnx", "--data", "data.json", "--labels", "short.json"], "input.shape", /300 labels/],
    [["net.onnx", "--data", "holes.csv", "--labels", "labels.json"], /^(input|data)\./, /4|5|index/],
  ])("refuses %j and writes nothing", async (args, code, message) => {
    const { exitCode, answer } = await cli.json("sweep", ...args, "-o", "refused");
    expect(exitCode).toBe(2);
    expect(answer.error.code).toMatch(code);
    expect(answer.error.message).toMatch(message);
    expect(existsSync(cli.path("refused"))).toBe(false);
  });
});

describe("compile --accuracy-loss", () => {
  it.each([
    [["--accuracy-loss", "1%"], "usage"],
    [[...DATA], "usage"],
    [["--accuracy-loss", "1%", ...DATA, "--max-error", "0.1"], "usage"],
    [["--accuracy-loss", "0", ...DATA, "--bits", "4", "--activation-bits", "4"], "compile.budget"],
    [["--accuracy-loss", "1%", ...DATA, "--mode", "exact-int8"], /./],
  ])("refuses %j and writes nothing", async (args, code) => {
    const { exitCode, answer } = await cli.json("compile", "net.onnx", ...args, "-o", "refused.tp");
    expect(exitCode).toBe(2);
    expect(answer.error.code).toMatch(code);
    expect(readdirSync(cli.folder)).not.toContain("refused.tp");
  });
});

describe("scale", () => {
  it.each([
    [["--grow", "hight", "--from", "1", "--to", "8"], "usage"],
    [["--grow", "width", "--from", "8", "--to", "4"], "scale.range"],
    [["--grow", "width", "--from", "4", "--to", "8", "--within", "10"], "scale.within"],
    [["--grow", "width", "--from", "4", "--to", "8", "--backends", "grot16"], "usage"],
    [["--grow", "width", "--from", "4", "--to", "8", "--network", "rnn"], "usage"],
  ])("refuses %j and writes nothing", async (args, code) => {
    const { exitCode, answer } = await cli.json("scale", ...args, "-o", "refused");
    expect(exitCode).toBe(2);
    expect(answer.error.code).toBe(code);
    expect(existsSync(cli.path("refused"))).toBe(false);
  });

  it.runIf(process.env.TENSORPROOF_HEAVY === "1")(
    "measures, fits, answers, and goes on",
    { timeout: 600_000 },
    async () => {
      const args = [
        "scale",
        "--grow",
        "batch",
        "--from",
        "1",
        "--to",
        "4",
        "--steps",
        "3",
        "--repetitions",
        "1",
      ];
      const small = ["--width", "4", "--depth", "1", "--input", "4", "--within", "10s,4GB", "-o", "scaled"];
      const { exitCode, answer } = await cli.json(...args, ...small);
      expect(exitCode).toBe(0);
      expect(answer.answers).toHaveLength(2);
      expect(answer.answers[0]).toMatchObject({ backend: "native", largestMeasured: 4 });
      const rows = readFileSync(cli.path("scaled/rows.json"), "utf8");
      expect((await cli.json(...args, ...small)).exitCode).toBe(0);
      expect(readFileSync(cli.path("scaled/rows.json"), "utf8")).toBe(rows);
    },
  );
});
