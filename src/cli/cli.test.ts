import { cpSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "./testing/commandLine.ts";

const MODEL = resolve("examples/mnist/model.onnx");
let cli: CommandLine;

beforeAll(async () => {
  cli = await CommandLine.create();
  const { digits } = JSON.parse(readFileSync("examples/mnist/digits.json", "utf8"));
  const pixels: number[] = digits[0].pixels;
  writeFileSync(cli.path("image.json"), JSON.stringify({ input_data: [pixels.map((x) => x / 255)] }));
  expect((await cli.run("compile", MODEL, "-o", "model.tp")).exitCode).toBe(0);
  expect((await cli.run("setup", "model.tp", "--proofs", "3", "-o", "keys")).exitCode).toBe(0);
});

afterAll(() => cli.dispose());

describe("prove and verify", () => {
  it("goes from a compiled model to a proof that verifies, and refuses what is not so", async () => {
    expect(statSync(cli.path("keys/proving.key")).mode & 0o777).toBe(0o600);
    const made = await cli.json("prove", "keys/proving.key", "--input", "image.json", "-o", "a.proof");
    expect(made).toMatchObject({ exitCode: 0, answer: { proof: "a.proof", outputs: [{ shape: [1, 10] }] } });
    const good = await cli.json("verify", "a.proof", "--key", "keys/verification.key");
    expect(good).toMatchObject({ exitCode: 0, answer: { ok: true } });
    expect(good.answer.outputs).toEqual(made.answer.outputs);

    const scores: number[] = made.answer.outputs[0].data;
    writeFileSync(cli.path("scores.json"), JSON.stringify([scores]));
    writeFileSync(cli.path("other.json"), JSON.stringify([[...scores].reverse()]));
    const verify = ["verify", "a.proof", "--key", "keys/verification.key"];
    expect((await cli.run(...verify, "--output", "scores.json")).exitCode).toBe(0);
    expect(await cli.json(...verify, "--output", "other.json")).toMatchObject({
      exitCode: 1,
      answer: { ok: false, error: { code: "statement.output" } },
    });
    expect(await cli.json(...verify, "--input", "image.json")).toMatchObject({
      exitCode: 1,
      answer: { error: { code: "statement.input" } },
    });

    const bytes = readFileSync(cli.path("a.proof"));
    writeFileSync(cli.path("short.proof"), bytes.subarray(0, bytes.length - 100));
    expect(await cli.json("verify", "short.proof", "--key", "keys/verification.key")).toMatchObject({
      exitCode: 1,
      answer: { ok: false, error: { code: "proof.truncated" } },
    });
    const text = await cli.run("statement", "a.proof");
    expect(text.stdout).toContain("What stays hidden");
    expect(text.stdout).toContain("not audited");
  });

  it("lists what a key shows of the weights it hides", async () => {
    expect(
      (await cli.run("prove", "keys/proving.key", "--input", "image.json", "-o", "c.proof")).exitCode,
    ).toBe(0);
    const statement = ["statement", "c.proof", "--key", "keys/verification.key"];
    const { answer } = await cli.json(...statement);
    const { functions, constants } = answer.keyBounds;
    expect(functions).toHaveLength(1);
    const [{ name, shift, domain, range }] = functions;
    for (const bound of [domain.hi + 1, -domain.lo, range.hi + 1]) expect(Math.log2(bound) % 1).toBe(0);
    expect(constants.map(({ shape }: { shape: number[] }) => shape)).toEqual([
      [128, 784],
      [128],
      [10, 128],
      [10],
    ]);
    const { stdout } = await cli.run(...statement);
    expect(stdout).toContain("What the key shows about the hidden weights");
    expect(stdout).toContain(
      `"${name}": what enters, divided by 2^${shift}, lies in ${domain.lo} to ${domain.hi}`,
    );
    const [{ range: weights }] = constants;
    expect(stdout).toContain(`128 × 784 integers in ${weights.lo} to ${weights.hi}`);
    expect((await cli.json("statement", "c.proof")).answer.keyBounds).toBeUndefined();
  });

  it("lists nothing where the key shows the weights themselves, and nothing of a broken key", async () => {
    expect((await cli.run("setup", "model.tp", "--weights", "public", "-o", "shown")).exitCode).toBe(0);
    const prove = ["prove", "shown/proving.key", "--input", "image.json", "-o", "d.proof"];
    expect((await cli.run(...prove)).exitCode).toBe(0);
    const statement = ["statement", "d.proof", "--key"];
    expect(await cli.json(...statement, "shown/verification.key")).toMatchObject({
      exitCode: 0,
      answer: { ok: true, keyBounds: null },
    });
    const key = readFileSync(cli.path("keys/verification.key"));
    writeFileSync(cli.path("short.key"), key.subarray(0, 1000));
    expect(await cli.json(...statement, "short.key")).toMatchObject({
      exitCode: 1,
      answer: { ok: false, error: { code: "key.truncated" }, keyBounds: null },
    });
    expect(await cli.json(...statement, "keys/verification.key")).toMatchObject({
      exitCode: 1,
      answer: { ok: false, error: { code: "statement.model" }, keyBounds: { functions: [{}] } },
    });
  });

  it("proves a model file by itself, with keys from a cache, after declaring a range that fits", async () => {
    const first = await cli.run("prove", MODEL, "--input", "image.json");
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stderr).toContain("[0, 1]");
    expect((await cli.run("verify", "out.proof", "--key", "out.proof.vk")).exitCode).toBe(0);
    expect((await cli.run("prove", MODEL, "--input", "image.json")).stderr).not.toContain("setting up");
    // A cache that came from another disk: its counters cannot be trusted, and its keys are nobody's.
    renameSync(cli.path("cache"), cli.path("old-cache"));
    cpSync(cli.path("old-cache"), cli.path("cache"), { recursive: true });
    const copied = await cli.run("prove", MODEL, "--input", "image.json");
    expect(copied.stderr).toContain("budget.copied");
    expect((await cli.run("verify", "out.proof", "--key", "out.proof.vk")).exitCode).toBe(0);
  });

  it("ends at the budget with exit code 3", async () => {
    expect((await cli.run("setup", "model.tp", "--proofs", "1", "-o", "once")).exitCode).toBe(0);
    const prove = ["prove", "once/proving.key", "--input", "image.json", "-o", "b.proof"];
    expect((await cli.run(...prove)).exitCode).toBe(0);
    expect(await cli.json(...prove)).toMatchObject({
      exitCode: 3,
      answer: { error: { code: "budget.exhausted" } },
    });
  });
});

describe("inspect, run and evaluate", () => {
  it("inspects", async () => {
    const { exitCode, answer } = await cli.json("inspect", MODEL);
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({ parameters: 101770, multiplyAccumulates: 101632, unsupported: [] });
    expect(answer.estimate.proofBytes).toBeGreaterThan(100_000);
  });

  it("runs in integers and in floats, with the same answer", async () => {
    const integer = (await cli.json("run", "model.tp", "--input", "image.json")).answer.outputs[0].data;
    const float = (await cli.json("run", MODEL, "--float", "--input", "image.json")).answer.outputs[0].data;
    const best = (scores: number[]): number => scores.indexOf(Math.max(...scores));
    expect(best(integer)).toBe(best(float));
  });

  it("evaluates", async () => {
    writeFileSync(cli.path("labels.json"), "[0]");
    const { answer } = await cli.json("evaluate", MODEL, "--data", "image.json", "--labels", "labels.json");
    expect(answer).toMatchObject({
      count: 1,
      agreement: 1,
      float: { accuracy: 1 },
      integer: { accuracy: 1 },
    });
  });
});

describe("failures", () => {
  const cases: readonly (readonly [string, number, readonly string[]])[] = [
    ["usage", 2, ["bogus"]],
    ["usage", 2, ["prove", "model.tp"]],
    ["usage", 2, ["setup", "model.tp", "--proofs", "0"]],
    ["usage", 2, ["verify", "a.proof", "--key", "k", "--bogus"]],
    ["usage", 2, ["compile", "model.tp"]],
    ["file.missing", 2, ["compile", "nowhere.onnx"]],
    ["file.missing", 2, ["verify", "nowhere.proof", "--key", "keys/verification.key"]],
    ["model.notAModel", 2, ["compile", "image.json"]],
    ["output.unwritable", 2, ["compile", MODEL, "-o", "nowhere/model.tp"]],
    [
      "input.visibility",
      2,
      ["prove", "keys/proving.key", "--input", "image.json", "--visibility", "weights=public"],
    ],
  ];
  for (const [code, exitCode, args] of cases) {
    it(`${code}: ${args.map((arg) => (arg === MODEL ? "model.onnx" : arg)).join(" ")}`, async () => {
      const outcome = await cli.json(...args);
      expect(outcome).toMatchObject({ exitCode, answer: { error: { code } } });
      expect(outcome.answer.error.message).not.toBe("");
    });
  }

  it("leave no temporary files", () => {
    expect(readdirSync(cli.folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(existsSync(cli.path("nowhere"))).toBe(false);
  });
});
