import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "./testing/commandLine.ts";

const MODEL = resolve("examples/mnist/model.onnx");
let cli: CommandLine;

beforeAll(async () => {
  cli = await CommandLine.create();
  const { digits } = JSON.parse(readFileSync("examples/mnist/digits.json", "utf8"));
  const pixels: number[] = digits[0].pixels;
  writeFileSync(cli.path("image.json"), JSON.stringify([pixels.map((x) => x / 255)]));
});

afterAll(() => cli.dispose());

describe("--max-memory", () => {
  it("refuses with the forecast before anything is set up", async () => {
    const prove = ["prove", MODEL, "--input", "image.json"];
    const { exitCode, answer } = await cli.json(...prove, "--max-memory", "50M");
    expect(exitCode).toBe(3);
    expect(answer.error).toMatchObject({ code: "resources.memory", where: "--max-memory" });
    const { peakBytes, firstMs } = answer.error.details.forecast;
    expect(peakBytes).toBeGreaterThan(50 * 2 ** 20);
    expect(firstMs).toBeGreaterThan(0);
    expect(existsSync(cli.path("cache"))).toBe(false);
    expect(existsSync(cli.path("out.proof"))).toBe(false);
  });

  it("lets a proof pass that fits, and says what it takes", async () => {
    const { exitCode, answer } = await cli.json(
      "prove",
      MODEL,
      "--input",
      "image.json",
      "--max-memory",
      "2GiB",
    );
    expect(exitCode).toBe(0);
    expect(answer.estimate.peakBytes).toBeLessThan(2 ** 31);
    const inspected = (await cli.json("inspect", MODEL, "--input-range", "0,1")).answer.estimate;
    expect(inspected.kernelBytes).toBe(answer.estimate.kernelBytes);
    expect(inspected.proofBytes).toBe(answer.estimate.proofBytes);
  });

  it.each(["lots", "-1", "0", "5X"])("does not understand %s", async (size) => {
    const outcome = await cli.json("prove", MODEL, "--input", "image.json", `--max-memory=${size}`);
    expect(outcome).toMatchObject({ exitCode: 2, answer: { error: { code: "usage" } } });
  });
});
