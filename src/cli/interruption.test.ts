/** What a command leaves behind that was interrupted, or could not write: nothing. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { writeNpy } from "../data/npy.ts";
import { CommandLine } from "./testing/commandLine.ts";

const MODEL = resolve("examples/mnist/model.onnx");
/** So many that nobody waits for the end. */
const MANY = 10_000;
let cli: CommandLine;
let before: string[];

/** Every file and folder, the inner ones too. */
function files(): string[] {
  return readdirSync(cli.folder, { recursive: true, encoding: "utf8" }).sort();
}

function slotsTaken(): number {
  return readFileSync(cli.path("keys/proving.key.slots"), "utf8").split("\n").length;
}

beforeAll(async () => {
  cli = await CommandLine.create();
  const { digits } = JSON.parse(readFileSync("examples/mnist/digits.json", "utf8"));
  const pixels: number[] = digits[0].pixels;
  writeFileSync(cli.path("image.json"), JSON.stringify({ input_data: [pixels.map((x) => x / 255)] }));
  writeFileSync(cli.path("many.npy"), writeNpy({ shape: [MANY, 784], data: new Uint8Array(784 * MANY) }));
  writeFileSync(cli.path("labels.npy"), writeNpy({ shape: [MANY], data: new Uint8Array(MANY) }));
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
describe.skipIf(process.platform === "win32")("a signal", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends a proof in the making at once, without a file", async (signal, exitCode) => {
    const args = ["prove", "keys/proving.key", "--input", "many.npy", "-o", "new.proof"];
    const outcome = await cli.interruptedAfter("loading", signal, ...args);
    expect(outcome).toMatchObject({ exitCode, stdout: "" });
    // The step after it never began.
    expect(outcome.stderr).not.toContain("opening");
    expect(files()).toEqual(before);
  });

  it("ends an evaluation", async () => {
    const args = ["evaluate", MODEL, "--data", "many.npy", "--labels", "labels.npy"];
    const outcome = await cli.interruptedAfter("running", "SIGINT", ...args);
    expect(outcome).toMatchObject({ exitCode: 130, stdout: "" });
  });

  it("that comes while files are written waits until they are whole", async () => {
    const args = ["prove", "model.tp", "--input", "image.json", "-o", "late.proof"];
    const { exitCode } = await cli.interruptedWriting("late.proof.vk", "SIGINT", ...args);
    expect(exitCode).toBe(130);
    expect(files()).toEqual([...before, "late.proof"].sort());
    expect((await cli.run("verify", "late.proof", "--key", "old.proof.vk")).exitCode).toBe(0);
    rmSync(cli.path("late.proof"));
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
