import { spawn } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileSlotCounter } from "./fileSlotCounter.ts";
import { RestoredCounter } from "./restoredCounter.ts";
import { beginSlots } from "./slotFile.ts";

const BUDGET = 5;
const ROOT = new Uint8Array(32).fill(7);
const OTHER_ROOT = new Uint8Array(32).fill(9);

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slots-"));
  path = join(folder, "proving.key.slots");
  begin(ROOT);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function begin(root: Uint8Array): void {
  beginSlots(path, Buffer.from(root).toString("hex"));
}

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
    begin(ROOT);
    expect(takeAll(new FileSlotCounter(path, ROOT))).toEqual([2, 3, 4]);
    const size = readFileSync(path).length;
    expect(takeAll(new FileSlotCounter(path, ROOT))).toEqual([]);
    expect(readFileSync(path).length).toBe(size);
  });

  it("counts every weight commitment by itself", () => {
    begin(OTHER_ROOT);
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

  it("takes lines that are no records for uses of every root that it counts by then", () => {
    begin(OTHER_ROOT);
    appendFileSync(path, "\ngarbage\n");
    expect(new FileSlotCounter(path, ROOT).take(BUDGET)).toBe(1);
    expect(new FileSlotCounter(path, OTHER_ROOT).take(BUDGET)).toBe(1);
    const third = new Uint8Array(32).fill(3);
    begin(third);
    expect(new FileSlotCounter(path, third).take(BUDGET)).toBe(0);
  });

  it("counts renewals beside proofs, and keeps one for restored copies", () => {
    const counter = new FileSlotCounter(path, ROOT);
    expect([counter.takeRenewal(3, 1), counter.take(BUDGET), counter.takeRenewal(3, 1)]).toEqual([0, 0, 1]);
    expect(() => counter.takeRenewal(3, 1)).toThrow(
      expect.objectContaining({ code: "budget.renewals", category: "resources" }),
    );
    expect(counter.take(BUDGET)).toBe(1);
  });

  it("does not count a commitment that was not begun in its file", () => {
    expect(() => new FileSlotCounter(path, OTHER_ROOT).take(BUDGET)).toThrow(
      expect.objectContaining({ code: "budget.foreign" }),
    );
  });

  it("refuses a copy, and what was copied back", () => {
    const copy = `${path}.copy`;
    new FileSlotCounter(path, ROOT).take(BUDGET);
    copyFileSync(path, copy);
    const refused = expect.objectContaining({
      code: "budget.copied",
      message: expect.stringMatching(/renew/),
    });
    expect(() => new FileSlotCounter(copy, ROOT).take(BUDGET)).toThrow(refused);
    expect(() => new FileSlotCounter(copy, ROOT).takeRenewal(3, 1)).toThrow(refused);
    expect(new FileSlotCounter(path, ROOT).take(BUDGET)).toBe(1);
    renameSync(copy, path);
    expect(() => new FileSlotCounter(path, ROOT).take(BUDGET)).toThrow(refused);
    // Writing the same key again does not make a copy an original.
    begin(ROOT);
    expect(() => new FileSlotCounter(path, ROOT).take(BUDGET)).toThrow(refused);
  });

  it("refuses a backup put in the place of the removed file, whose number it may have", () => {
    const backup = readFileSync(path);
    for (let i = 0; i < 2; i++) new FileSlotCounter(path, ROOT).take(BUDGET);
    rmSync(path);
    writeFileSync(path, backup);
    expect(() => new FileSlotCounter(path, ROOT).take(BUDGET)).toThrow(
      expect.objectContaining({ code: "budget.copied" }),
    );
  });

  it("gives a copy, or a key without its file, one renewal, and an original none", () => {
    const restored = (at: string): number => new RestoredCounter(at, ROOT).takeRenewal(3, 1);
    expect(() => restored(path)).toThrow(expect.objectContaining({ code: "budget.original" }));
    const copy = `${path}.copy`;
    copyFileSync(path, copy);
    for (const at of [copy, `${path}.missing`]) {
      expect(restored(at)).toBe(2);
      expect(() => restored(at)).toThrow(expect.objectContaining({ code: "budget.renewals" }));
      expect(() => new FileSlotCounter(at, ROOT).take(BUDGET)).toThrow(/renew/);
    }
    expect(() => new RestoredCounter(`${path}.none`, ROOT).takeRenewal(0, 1)).toThrow(
      expect.objectContaining({ code: "budget.renewals" }),
    );
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
