import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSlotFile, FileSlotCounter } from "./fileSlotCounter.ts";

const BUDGET = 5;
const ROOT = new Uint8Array(32).fill(7);
const OTHER_ROOT = new Uint8Array(32).fill(9);

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slots-"));
  path = join(folder, "proving.key.slots");
  createSlotFile(path);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function takeAll(counter: FileSlotCounter): number[] {
  const slots: number[] = [];
  try {
    for (;;) slots.push(counter.take(BUDGET));
  } catch (error) {
    expect(error).toMatchObject({ code: "budget.exhausted", category: "resources" });
  }
  return slots;
}

describe("FileSlotCounter", () => {
  it("gives each slot once, across instances, and then refuses", () => {
    expect(new FileSlotCounter(path, ROOT).take(BUDGET)).toBe(0);
    expect(new FileSlotCounter(path, ROOT).take(BUDGET)).toBe(1);
    createSlotFile(path);
    expect(takeAll(new FileSlotCounter(path, ROOT))).toEqual([2, 3, 4]);
    const size = readFileSync(path).length;
    expect(takeAll(new FileSlotCounter(path, ROOT))).toEqual([]);
    expect(readFileSync(path).length).toBe(size);
  });

  it("counts every weight commitment by itself", () => {
    expect(new FileSlotCounter(path, ROOT).take(BUDGET)).toBe(0);
    expect(new FileSlotCounter(path, OTHER_ROOT).take(BUDGET)).toBe(0);
    expect(new FileSlotCounter(path, ROOT).take(BUDGET)).toBe(1);
  });

  it("counts a record that a crash cut short, wherever it was cut", () => {
    const counter = new FileSlotCounter(path, ROOT);
    const before = readFileSync(path).length;
    counter.take(BUDGET);
    const record = readFileSync(path).subarray(before);
    for (let length = 2; length < record.length; length += 13) {
      truncateSync(path, before);
      appendFileSync(path, record.subarray(0, length));
      expect(new FileSlotCounter(path, ROOT).take(BUDGET), `cut after ${length} bytes`).toBe(1);
    }
  });

  it("takes lines that are no records for uses of every root", () => {
    appendFileSync(path, "\ngarbage\n");
    expect(new FileSlotCounter(path, ROOT).take(BUDGET)).toBe(1);
    expect(new FileSlotCounter(path, OTHER_ROOT).take(BUDGET)).toBe(1);
  });

  it("refuses to begin anew where the file is gone", () => {
    rmSync(path);
    expect(() => new FileSlotCounter(path, ROOT).take(BUDGET)).toThrow(
      expect.objectContaining({ code: "budget.missing" }),
    );
  });

  it("gives no slot to two processes", async () => {
    const script = join(folder, "take.mjs");
    await build({
      stdin: {
        contents: `import { FileSlotCounter } from "./fileSlotCounter.ts";
          const counter = new FileSlotCounter(process.argv[2], new Uint8Array(32).fill(7));
          try { for (;;) console.log(counter.take(40)); } catch (error) { if (error.code !== "budget.exhausted") throw error; }`,
        resolveDir: import.meta.dirname,
        loader: "ts",
      },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: script,
    });
    const taken = await Promise.all(Array.from({ length: 4 }, () => outputOf(script, path)));
    const slots = taken.flatMap((text) => text.split("\n").filter(Boolean).map(Number));
    expect(slots.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, slot) => slot));
  });
});

function outputOf(script: string, argument: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, argument], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.on("close", (code) => (code === 0 ? resolve(text) : reject(new Error(`exit code ${code}`))));
  });
}
