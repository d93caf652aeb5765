/** Bytes and photographs as inputs: what the same pixels become for quantised models and for models in floating point. */
import { readFileSync, writeFileSync } from "node:fs";
import { encode as encodePng } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../data/npy.ts";
import { writeOnnx } from "../formats/onnx/write.ts";
import { graphOf } from "../graph/testing/draft.ts";
import { CommandLine } from "./testing/commandLine.ts";

const SHAPE = [7, 6, 3];
const PIXELS = Uint8Array.from({ length: 126 }, (_, i) => (i * 37) % 256);
let cli: CommandLine;

/** A convolution of an image; its input is of the named element type. */
function convolution(type: "int8" | "uint8"): Uint8Array {
  const cases: { name: string; model: string }[] = JSON.parse(
    readFileSync("test/vectors/tflite/cases.json", "utf8"),
  );
  const found = cases.find(({ name }) => name === `${type} convolution, same padding, ReLU6`);
  if (found === undefined) throw new RangeError(`expected a convolution of ${type}`);
  return Buffer.from(found.model, "base64");
}

beforeAll(async () => {
  cli = await CommandLine.create();
  for (const type of ["int8", "uint8"] as const) writeFileSync(cli.path(`${type}.tflite`), convolution(type));
  const relu = graphOf({
    inputs: { photo: [null, ...SHAPE] },
    nodes: [{ operator: "Relu", inputs: ["photo"] }],
  });
  writeFileSync(cli.path("relu.onnx"), writeOnnx(relu));
  writeFileSync(cli.path("bytes.npy"), writeNpy({ shape: SHAPE, data: PIXELS }));
  writeFileSync(
    cli.path("signed.npy"),
    writeNpy({ shape: SHAPE, data: Int8Array.from(PIXELS, (x) => x - 128) }),
  );
  writeFileSync(cli.path("signed.json"), JSON.stringify([Array.from(PIXELS, (x) => x - 128)]));
  writeFileSync(cli.path("unsigned.json"), JSON.stringify([Array.from(PIXELS)]));
  writeFileSync(cli.path("photo.png"), encodePng({ width: 6, height: 7, channels: 3, data: PIXELS }));
});

afterAll(() => cli.dispose());

async function integers(model: string, input: string, ...more: string[]): Promise<number[]> {
  const { answer } = await cli.json("run", model, "--mode", "exact-int8", "--input", input, ...more);
  return answer.integers[0];
}

describe("a quantised model", () => {
  it.each([
    ["int8", "signed.json"],
    ["uint8", "unsigned.json"],
  ])("of %s takes bytes and pixels as its own integers", async (type, own) => {
    const expected = await integers(`${type}.tflite`, own, "--input-integers");
    for (const input of ["bytes.npy", "photo.png"])
      expect(await integers(`${type}.tflite`, input)).toEqual(expected);
    if (type === "int8") expect(await integers("int8.tflite", "signed.npy")).toEqual(expected);
  });

  it("is proven and compared in the same way", async () => {
    const prove = ["prove", "uint8.tflite", "--mode", "exact-int8", "--input", "photo.png", "-o", "a.proof"];
    expect(await cli.json(...prove, "--visibility", "input=public")).toMatchObject({ exitCode: 0 });
    const verify = ["verify", "a.proof", "--key", "a.proof.vk", "--input"];
    expect((await cli.run(...verify, "photo.png")).exitCode).toBe(0);
    expect((await cli.run(...verify, "unsigned.json", "--integers")).exitCode).toBe(0);
    writeFileSync(cli.path("other.npy"), writeNpy({ shape: SHAPE, data: PIXELS.map((x) => x ^ 1) }));
    expect(await cli.json(...verify, "other.npy")).toMatchObject({
      exitCode: 1,
      answer: { error: { code: "statement.input" } },
    });
  });

  it("is evaluated on them", async () => {
    writeFileSync(cli.path("labels.json"), "[0]");
    const evaluate = ["evaluate", "uint8.tflite", "--mode", "exact-int8", "--data", "bytes.npy"];
    const { exitCode, answer } = await cli.json(...evaluate, "--labels", "labels.json");
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({ count: 1, agreement: 1 });
  });
});

describe("a model in floating point", () => {
  const float = async (...more: string[]): Promise<number[]> =>
    (await cli.json("run", "relu.onnx", "--float", "--input", "photo.png", ...more)).answer.outputs[0].data;

  it("takes pixels from 0 to 1 unless told otherwise", async () => {
    expect(await float()).toEqual(Array.from(PIXELS, (x) => Math.fround(x / 255)));
    expect(await float("--raw-bytes")).toEqual(Array.from(PIXELS));
    expect(await float("--image-mean", "-1", "--image-scale", "2")).toEqual(
      Array.from(PIXELS, (x) => (x + 1) / 2),
    );
    expect(await float("--image-mean", "-1,-2,-3")).toEqual(Array.from(PIXELS, (x, i) => x + 1 + (i % 3)));
  });

  it("is compiled for the range that the pixels have", async () => {
    const { exitCode, stderr } = await cli.run("run", "relu.onnx", "--input", "photo.png", "--raw-bytes");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("[0, 256]");
  });

  it.each([
    ["input.shape", ["--image-mean", "1,2"]],
    ["usage", ["--image-scale", "0"]],
    ["usage", ["--image-mean", "bright"]],
  ])("%s: %j", async (code, options) => {
    const outcome = await cli.json("run", "relu.onnx", "--float", "--input", "photo.png", ...options);
    expect(outcome).toMatchObject({ exitCode: 2, answer: { error: { code } } });
  });
});

describe("--sample", () => {
  it("takes one of many", async () => {
    const many = Uint8Array.from({ length: 3 * 126 }, (_, i) => (i < 126 || i >= 252 ? 0 : PIXELS[i - 126]));
    writeFileSync(cli.path("many.npy"), writeNpy({ shape: [3, ...SHAPE], data: many }));
    const alone = await integers("uint8.tflite", "bytes.npy");
    expect(await integers("uint8.tflite", "many.npy", "--sample", "1")).toEqual(alone);
    expect(await integers("uint8.tflite", "many.npy", "--sample", "1", "--input-integers")).toEqual(alone);
    const float = ["run", "relu.onnx", "--float", "--input", "many.npy", "--raw-bytes", "--sample", "1"];
    expect((await cli.json(...float)).answer.outputs[0].data).toEqual(Array.from(PIXELS));
    const outside = await cli.json("run", "relu.onnx", "--input", "many.npy", "--sample", "3");
    expect(outside).toMatchObject({ exitCode: 2, answer: { error: { code: "usage" } } });
    expect(outside.answer.error.message).toContain("the data holds 3");
  });
});

describe("--class-names", () => {
  it("names the best classes of a run, a proof and its verification", async () => {
    const names = Array.from({ length: 126 }, (_, i) => `class ${i}`);
    writeFileSync(cli.path("names.txt"), `${names.join("\r\n")}\n`);
    const best = PIXELS.indexOf(255);
    const { answer } = await cli.json(
      "run",
      "relu.onnx",
      "--input",
      "photo.png",
      "--class-names",
      "names.txt",
    );
    expect(answer.top).toHaveLength(1);
    expect(answer.top[0]).toHaveLength(5);
    expect(answer.top[0][0]).toMatchObject({ index: best, name: `class ${best}` });
    const options = ["--input", "photo.png", "--class-names", "names.txt"];
    const proven = await cli.run("prove", "relu.onnx", ...options, "-o", "b.proof");
    expect(proven.stdout).toContain(`class ${best} (${best})`);
    const verify = ["verify", "b.proof", "--key", "b.proof.vk", "--class-names", "names.txt"];
    expect((await cli.run(...verify)).stdout).toContain(`class ${best} (${best})`);
  });

  it("are refused before any work where no output has as many scores", async () => {
    writeFileSync(cli.path("two.txt"), "a\nb\n");
    const prove = ["prove", "relu.onnx", "--input", "photo.png", "--class-names", "two.txt", "-o", "c.proof"];
    const { exitCode, answer } = await cli.json(...prove);
    expect(exitCode).toBe(2);
    expect(answer.error.message).toMatch(/names 2 classes, but .* has 126 scores/);
  });
});
