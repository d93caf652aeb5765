import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "./testing/commandLine.ts";

const NAME = "int8 dense";
let cli: CommandLine;
let expected: number[];

beforeAll(async () => {
  cli = await CommandLine.create();
  const cases: { name: string; model: string; inputs: { data: string }[]; output: { data: string } }[] =
    JSON.parse(readFileSync("test/vectors/tflite/cases.json", "utf8"));
  const found = cases.find(({ name }) => name === NAME);
  if (found === undefined) throw new RangeError(`expected a case "${NAME}"`);
  const integersOf = (data: string): number[] => [...new Int8Array(Buffer.from(data, "base64"))];
  writeFileSync(cli.path("dense.tflite"), Buffer.from(found.model, "base64"));
  writeFileSync(cli.path("first.json"), JSON.stringify([integersOf(found.inputs[0].data).slice(0, 17)]));
  expected = integersOf(found.output.data).slice(0, 5);
});

afterAll(() => cli.dispose());

describe("a quantised model on the command line", () => {
  it("asks which mode is meant", async () => {
    const { exitCode, stderr } = await cli.run("compile", "dense.tflite");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/exact-int8/);
  });

  it("computes the integers of TensorFlow Lite in mode exact-int8", async () => {
    const run = ["run", "dense.tflite", "--mode", "exact-int8", "--input", "first.json", "--input-integers"];
    expect(await cli.json(...run)).toMatchObject({ exitCode: 0, answer: { integers: [expected] } });
    expect((await cli.run("compile", "dense.tflite", "--mode", "exact-int8", "-o", "d.tp")).exitCode).toBe(0);
    const compiled = ["run", "d.tp", "--input", "first.json", "--input-integers"];
    expect(await cli.json(...compiled)).toMatchObject({ exitCode: 0, answer: { integers: [expected] } });
  });

  it("is inspected in the mode that is asked for", async () => {
    const { exitCode, answer } = await cli.json("inspect", "dense.tflite", "--mode", "exact-int8");
    expect(exitCode).toBe(0);
    expect(answer.unsupported).toEqual([]);
    expect(answer.activations).toBe(5);
    expect(answer.estimate.kernelBytes).toBeGreaterThan(0);
  });
});
