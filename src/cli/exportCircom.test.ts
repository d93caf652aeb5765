import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "./testing/commandLine.ts";

const MODEL = resolve("examples/mnist/model.onnx");
let cli: CommandLine;

beforeAll(async () => {
  cli = await CommandLine.create();
  const { digits } = JSON.parse(readFileSync("examples/mnist/digits.json", "utf8"));
  const samples = digits.slice(0, 2).map(({ pixels }: { pixels: number[] }) => pixels.map((x) => x / 255));
  writeFileSync(cli.path("one.json"), JSON.stringify({ input_data: [samples[0]] }));
  writeFileSync(cli.path("two.json"), JSON.stringify({ input_data: samples }));
});

afterAll(() => cli.dispose());

describe("export --to circom", () => {
  it("writes a project with the sample that was given", async () => {
    const { exitCode, answer } = await cli.json(
      "export",
      MODEL,
      "--to",
      "circom",
      "--input",
      "one.json",
      "-o",
      "p",
    );
    expect(exitCode).toBe(0);
    expect(answer.folder).toBe("p");
    for (const file of answer.files) expect(existsSync(cli.path(`p/${file}`)), file).toBe(true);
    for (const script of ["compile", "keys", "prove", "verify"])
      expect(answer.files).toContain(`scripts/${script}.sh`);
    const input = JSON.parse(readFileSync(cli.path("p/input.json"), "utf8"));
    expect(Object.keys(input)).toEqual(answer.inputs);
    const circuit = readFileSync(cli.path("p/circuit.circom"), "utf8");
    expect(circuit).toContain(`signal input ${answer.inputs[0]}[${input[answer.inputs[0]].length}];`);
    expect(circuit).toContain("component main = Model();");
  });

  it("makes the input public where asked, and needs no sample", async () => {
    const { answer } = await cli.json("export", MODEL, "--to", "circom", "--public-input", "-o", "q");
    expect(answer.files).not.toContain("input.json");
    const circuit = readFileSync(cli.path("q/circuit.circom"), "utf8");
    expect(circuit).toContain(`component main {public [${answer.inputs[0]}]} = Model();`);
  });

  it("refuses several samples, other languages and options without a sample", async () => {
    const several = ["export", MODEL, "--to", "circom", "--input", "two.json", "-o", "r"];
    expect(await cli.json(...several)).toMatchObject({
      exitCode: 2,
      answer: { error: { code: "usage", where: "--sample" } },
    });
    expect((await cli.run(...several, "--sample", "1")).exitCode).toBe(0);
    expect((await cli.run("export", MODEL, "--to", "cairo")).exitCode).toBe(2);
    expect((await cli.run("export", MODEL, "--to", "circom", "--sample", "1", "-o", "r")).exitCode).toBe(2);
  });
});
