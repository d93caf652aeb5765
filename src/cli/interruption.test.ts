/** What a command leaves behind that was interrupted, or could not write: nothing. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CommandLine } from "./testing/commandLine.ts";

const MODEL = resolve("examples/mnist/model.onnx");
const INTERRUPTED = 130;
let cli: CommandLine;
let image: Uint8Array;
let before: string[];

/** Every file and folder, the inner ones too, but for the pipe that a test makes. */
function files(): string[] {
  return readdirSync(cli.folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("pipe-"))
    .sort();
}

function slotsTaken(): number {
  return readFileSync(cli.path("keys/proving.key.slots"), "utf8").split("\n").length;
}

beforeAll(async () => {
  cli = await CommandLine.create();
  const { digits } = JSON.parse(readFileSync("examples/mnist/digits.json", "utf8"));
  const pixels: number[] = digits[0].pixels;
  image = new TextEncoder().encode(JSON.stringify({ input_data: [pixels.map((x) => x / 255)] }));
  writeFileSync(cli.path("image.json"), image);
  writeFileSync(cli.path("file"), "");
  mkdirSync(cli.path("taken.proof"));
  mkdirSync(cli.path("half.proof.vk"));
  expect((await cli.run("compile", MODEL, "-o", "model.tp")).exitCode).toBe(0);
  expect((await cli.run("setup", "model.tp", "--proofs", "9", "-o", "keys")).exitCode).toBe(0);
  expect((await cli.run("prove", "model.tp", "--input", "image.json", "-o", "old.proof")).exitCode).toBe(0);
});

beforeEach(() => {
  before = files();
});

afterAll(() => cli.dispose());

// Windows has neither these signals nor pipes with names in a folder.
describe.skipIf(process.platform === "win32")("a signal during the work", () => {
  const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];

  it.each(signals)("%s ends a proof without a file, whole or in part", async (signal) => {
    const pipe = { name: `pipe-${signal}`, bytes: image };
    const args = ["prove", "keys/proving.key", "--input", pipe.name, "-o", "new.proof"];
    const outcome = await cli.interrupted(signal, pipe, ...args);
    expect(outcome).toMatchObject({ exitCode: INTERRUPTED, stdout: "" });
    // The proof had been made: what was interrupted is the writing.
    expect(outcome.stderr).toContain("opening");
    expect(files()).toEqual(before);
  });

  it("leaves the old proof and its key as they were", async () => {
    const old = ["old.proof", "old.proof.vk"].map((name) => readFileSync(cli.path(name)));
    const pipe = { name: "pipe-old", bytes: image };
    const args = ["prove", "model.tp", "--input", pipe.name, "-o", "old.proof"];
    expect((await cli.interrupted("SIGINT", pipe, ...args)).exitCode).toBe(INTERRUPTED);
    expect(["old.proof", "old.proof.vk"].map((name) => readFileSync(cli.path(name)))).toEqual(old);
    expect(files()).toEqual(before);
  });

  it("ends setup without a key", async () => {
    const pipe = { name: "pipe-model", bytes: readFileSync(cli.path("model.tp")) };
    const outcome = await cli.interrupted("SIGINT", pipe, "setup", pipe.name, "-o", "file-keys");
    expect(outcome.exitCode).toBe(INTERRUPTED);
    expect(files().filter((name) => !before.includes(name))).toEqual(["file-keys"]);
  });

  it("ends compile without a program", async () => {
    const pipe = { name: "pipe-onnx", bytes: readFileSync(MODEL) };
    const outcome = await cli.interrupted("SIGINT", pipe, "compile", pipe.name, "-o", "new.tp");
    expect(outcome.exitCode).toBe(INTERRUPTED);
    expect(files()).toEqual(before);
  });
});

describe("an output that cannot be written", () => {
  const prove = ["prove", "keys/proving.key", "--input", "image.json", "-o"];
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["compile into a folder that is missing", ["compile", MODEL, "-o", "nowhere/model.tp"]],
    ["compile onto a folder", ["compile", MODEL, "-o", "taken.proof"]],
    ["setup below a file", ["setup", "model.tp", "-o", "file/keys"]],
    ["prove into a folder that is missing", [...prove, "nowhere/a.proof"]],
    ["prove onto a folder", [...prove, "taken.proof"]],
    ["prove below a file", [...prove, "file/a.proof"]],
    [
      "prove where only the key beside the proof is in the way",
      ["prove", "model.tp", "--input", "image.json", "-o", "half.proof"],
    ],
  ];
  it.each(cases)("%s: nothing is left, no slot is taken", async (_, args) => {
    const slots = slotsTaken();
    expect(await cli.json(...args)).toMatchObject({
      exitCode: 2,
      answer: { error: { code: "output.unwritable" } },
    });
    expect(files()).toEqual(before);
    expect(slotsTaken()).toBe(slots);
  });
});
