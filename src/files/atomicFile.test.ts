import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireWritable, requireWritableFolder, writeAtomic } from "./atomicFile.ts";

const BYTES = new Uint8Array([1, 2, 3]);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atomic-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("writeAtomic", () => {
  it("writes and replaces files and leaves nothing beside them", async () => {
    const path = join(folder, "a.bin");
    writeFileSync(path, "old content");
    await writeAtomic(path, BYTES);
    expect(new Uint8Array(readFileSync(path))).toEqual(BYTES);
    expect(readdirSync(folder)).toEqual(["a.bin"]);
  });

  it("keeps secrets to their owner, even where the old file was open to all", async () => {
    const path = join(folder, "secret");
    writeFileSync(path, "", { mode: 0o644 });
    await writeAtomic(path, BYTES, { mode: 0o600 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("follows links", async () => {
    const path = join(folder, "target");
    writeFileSync(path, "");
    symlinkSync(path, join(folder, "link"));
    await writeAtomic(join(folder, "link"), BYTES);
    expect(new Uint8Array(readFileSync(path))).toEqual(BYTES);
  });

  it("names the file it could not write", async () => {
    const path = join(folder, "missing", "a.bin");
    await expect(writeAtomic(path, BYTES)).rejects.toMatchObject({ code: "output.unwritable", where: path });
    expect(() => requireWritable(path)).toThrow(expect.objectContaining({ code: "output.unwritable" }));
    expect(() => requireWritable(folder)).toThrow(expect.objectContaining({ code: "output.unwritable" }));
  });
});

describe("requireWritable", () => {
  it("leaves nothing behind", () => {
    requireWritable(join(folder, "a.bin"));
    mkdirSync(join(folder, "sub"));
    requireWritableFolder(join(folder, "sub", "deeper"));
    expect(readdirSync(folder)).toEqual(["sub"]);
    expect(readdirSync(join(folder, "sub", "deeper"))).toEqual([]);
  });

  it("refuses a file below a file, and a circle of links", () => {
    writeFileSync(join(folder, "file"), "");
    symlinkSync(join(folder, "one"), join(folder, "two"));
    symlinkSync(join(folder, "two"), join(folder, "one"));
    for (const path of [join(folder, "file", "a.bin"), join(folder, "one")]) {
      expect(() => requireWritable(path)).toThrow(
        expect.objectContaining({ code: "output.unwritable", where: path }),
      );
    }
  });

  it("refuses a folder below a file", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => requireWritableFolder(join(folder, "file", "sub"))).toThrow(
      expect.objectContaining({ code: "output.unwritable" }),
    );
  });
});
