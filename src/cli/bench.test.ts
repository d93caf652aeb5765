/** A small suite for real: the command line, its processes, the results and the report. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMeasured, parseResults, type Results } from "../bench/results.ts";
import { writeNpy } from "../data/npy.ts";
import { writeOnnx } from "../formats/onnx/write.ts";
import { chainGraph, gemmLink } from "../quant/testing/smallGraphs.ts";
import { CommandLine } from "./testing/commandLine.ts";

let cli: CommandLine;

function results(folder: string): Results {
  const path = cli.path(`${folder}/results.json`);
  return parseResults(readFileSync(path, "utf8"), path);
}

function writeSuite(name: string, changes: object = {}): void {
  const suite = {
    ...{ format: "tensorproof-suite", version: 1, name, title: "Digits", description: "One digit." },
    models: [
      {
        name: "digits",
        file: resolve("examples/mnist/model.onnx"),
        data: "digits.npy",
        labels: "labels.npy",
      },
    ],
    backends: ["native"],
    defaults: { repetitions: 1, inputRange: [0, 1] },
    settings: [{ name: "default" }],
    ...changes,
  };
  writeFileSync(cli.path(`${name}.json`), JSON.stringify(suite));
}

beforeAll(async () => {
  cli = await CommandLine.create();
  const { digits } = JSON.parse(readFileSync("examples/mnist/digits.json", "utf8"));
  const pixels: number[] = digits.flatMap((entry: { pixels: number[] }) => entry.pixels);
  writeFileSync(cli.path("digits.npy"), writeNpy({ shape: [10, 784], data: Uint8Array.from(pixels) }));
  writeFileSync(cli.path("labels.npy"), writeNpy({ shape: [10], data: Uint8Array.from(digits.keys()) }));
});

afterAll(() => cli.dispose());

describe("bench", () => {
  it("measures, and adds nothing when it is run again", async () => {
    writeSuite("small");
    const first = await cli.json("bench", "small.json", "-o", "small");
    expect(first.answer).toMatchObject({ added: 1, kept: 0, measured: 1, failed: 0, skipped: 0 });
    const [row] = results("small").rows.filter(isMeasured);
    expect(row.guards).toEqual({ outputDependsOnInput: true, proofsVerified: 2, tamperedRefused: 3 });
    expect(row.samples.proveMs).toHaveLength(2);
    expect(row.figures.proveMs).toBe(row.samples.proveMs[1]);
    expect(row.accuracy).toMatchObject({ count: 10, float: { accuracy: 1 }, integer: { accuracy: 1 } });
    for (const value of Object.values(row.figures)) expect(value).toBeGreaterThan(0);
    expect(readFileSync(cli.path("small/report.html"), "utf8")).toContain("For and against");
    const again = await cli.json("bench", "small.json", "-o", "small");
    expect(again.answer).toMatchObject({ added: 0, kept: 1, measured: 1 });
    writeFileSync(
      cli.path("small/results.json"),
      readFileSync(cli.path("small/results.json"), "utf8").replace('"version": 1', '"version": 7'),
    );
    const other = await cli.json("bench", "small.json", "-o", "small");
    expect(other).toMatchObject({ exitCode: 2, answer: { error: { code: "results.version" } } });
  }, 240_000);

  it("records limits, what is unsupported and what is missing as rows", async () => {
    const model = { file: resolve("examples/mnist/model.onnx"), data: "digits.npy" };
    writeSuite("limits", {
      models: [
        { name: "digits", ...model },
        { name: "absent", ...model, file: "absent.onnx", remedy: "make it first" },
      ],
      settings: [
        { name: "hurried", timeLimitSeconds: 0.05 },
        { name: "narrow", memoryLimitMegabytes: 10 },
      ],
    });
    const { answer } = await cli.json("bench", "limits.json", "-o", "limits");
    expect(answer).toMatchObject({ measured: 0, failed: 2, skipped: 2 });
    const kindsOf = (folder: string): string[] =>
      results(folder).rows.map((row) => (row.outcome === "measured" ? "" : row.failure.kind));
    expect(kindsOf("limits")).toEqual(["timeout", "memory", "missing", "missing"]);
    const links = [gemmLink("A", 4, 784, 1), { operator: "LogSoftmax" }, gemmLink("B", 2, 4, 2)];
    const known = Buffer.from(writeOnnx(chainGraph([784], links)));
    writeFileSync(
      cli.path("odd.onnx"),
      known.toString("latin1").replace("LogSoftmax", "LogSoftmux"),
      "latin1",
    );
    writeSuite("odd", { models: [{ name: "odd", ...model, file: "odd.onnx" }] });
    await cli.json("bench", "odd.json", "-o", "odd");
    expect(kindsOf("odd")).toEqual(["unsupported"]);
    expect(readFileSync(cli.path("limits/report.html"), "utf8")).toContain("make it first");
  }, 120_000);

  it("leaves valid results when it is interrupted", async () => {
    writeSuite("stopped", { settings: [{ name: "default", repetitions: 30 }] });
    const { exitCode } = await cli.interruptedAfter(
      "prove (",
      "SIGINT",
      "bench",
      "stopped.json",
      "-o",
      "stopped",
    );
    expect(exitCode).toBe(130);
    expect(results("stopped").rows).toEqual([]);
  }, 120_000);
});
