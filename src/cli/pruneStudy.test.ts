import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
  model: { kind: "network", layers: [{ type: "dense", units: 2 }], training: { epochs: 2, batch: 8 } },
};
const PUBLISHED = [
  { system: "ZEN", source: "s", pruned_pct: 0, accuracy_pct: 95, constraints: 1000 },
  { system: "ZEN", source: "s", pruned_pct: 50, accuracy_pct: 94, constraints: 990 },
  { system: "ZEN", constraints: { L1: 900, L2: 100, total: 1000 } },
];

beforeAll(async () => {
  cli = await CommandLine.create();
  const layers = [
    { type: "dense", units: 8, name: "first" },
    { type: "relu" },
    { type: "dense", units: 2 },
  ] as const;
  writeFileSync(
    cli.path("net.onnx"),
    writeOnnx(toGraph(new Network({ inputShape: [3], layers }, 2), "points")),
  );
  const random = new SeededRandom(3);
  const rows = Array.from({ length: 100 }, () => {
    const [a, b, c] = [random.nextFloat(), random.nextFloat(), random.nextFloat()];
    return [a, b, c, a + b > 1 ? "above" : "below"].join(",");
  });
  writeFileSync(cli.path("points.csv"), ["a,b,c,side", ...rows].join("\n"));
  writeFileSync(cli.path("recipe.json"), JSON.stringify(RECIPE));
  writeFileSync(cli.path("published.json"), JSON.stringify(PUBLISHED));
  writeFileSync(cli.path("other.json"), '[{"system": "ZEN"}]');
});

afterAll(() => cli.dispose());

const OPTIONS = [
  "--recipe",
  "recipe.json",
  "--input-range",
  "0,1",
  "--amounts",
  "0,0.5,1",
  "--finetune",
  "-o",
  "out",
];
const study = (...args: string[]): ReturnType<CommandLine["json"]> =>
  cli.json("prune-study", "net.onnx", ...args);
const results = () => JSON.parse(readFileSync(cli.path("out/results.json"), "utf8"));

describe("prune-study", () => {
  it("writes results, pictures and a page, and goes on where it stopped", async () => {
    const first = await study(...OPTIONS, "--methods", "magnitude", "--published", "published.json");
    expect(first.exitCode).toBe(0);
    expect(first.answer.points).toBe(3);
    const { tables, plots, findings } = results();
    expect(tables.map(({ title }: { title: string }) => title)).toEqual([
      ...["Beside the published study", "Constraints by layer", "All points"],
    ]);
    expect(plots.map(({ id }: { id: string }) => id)).toContain("constraints-constant");
    expect(findings.join(" ")).toContain("10 of 1,000 constraints");
    const [, , points] = tables;
    const constraints = points.rows.map((row: number[]) => row[5]);
    // Nothing but biases is left: the outputs and the digest alone are constrained.
    expect(constraints[0]).toBeGreaterThan(constraints[1]);
    expect(constraints[2]).toBe(3);
    expect(readFileSync(cli.path("out/report.html"), "utf8")).toContain("ZEN: L1 (published)");
    expect(existsSync(cli.path("out/pictures/accuracy.svg"))).toBe(true);

    const stored = JSON.parse(readFileSync(cli.path("out/points.json"), "utf8"));
    stored[1].integer = 0.123;
    writeFileSync(cli.path("out/points.json"), JSON.stringify(stored));
    expect((await study(...OPTIONS, "--methods", "magnitude,structured")).answer.points).toBe(6);
    expect(results().tables[1].rows.map((row: number[]) => row[3])).toContain(0.123);
  });

  it("proves at the amounts that are asked for", async () => {
    const { exitCode } = await study(
      ...OPTIONS,
      "--methods",
      "structured",
      "--prove",
      "native",
      "--prove-at",
      "0.5",
    );
    expect(exitCode).toBe(0);
    const proofs = results().tables.at(-1);
    expect(proofs.rows).toHaveLength(1);
    expect(proofs.rows[0].slice(0, 3)).toEqual(["structured", 0.5, "native"]);
    expect(proofs.rows[0][6]).toBeGreaterThan(1000);
  }, 120_000);

  it.each([
    [["--amounts", "0,1.5"], "usage"],
    [["--amounts", "0,,1"], "usage"],
    [["--methods", "biggest"], "usage"],
    [["--prove", "groth17"], "usage"],
    [["--scope", "layer:frist"], "prune.layer"],
    [["--methods", "movement"], "usage"],
    [["--iterations", "2", "--methods", "magnitude"], "usage"],
    [["--prove", "native", "--prove-at", "0.25", "--methods", "magnitude"], "usage"],
    [["--published", "other.json", "--methods", "magnitude"], "study.published"],
  ])("refuses %j and writes nothing", async (args, code) => {
    const { exitCode, answer } = await study("--recipe", "recipe.json", "-o", "refused", ...args);
    expect(exitCode).toBe(2);
    expect(answer.error.code).toBe(code);
    expect(existsSync(cli.path("refused"))).toBe(false);
  });
});
