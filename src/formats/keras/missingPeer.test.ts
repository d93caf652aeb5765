import { expect, test, vi } from "vitest";
import { loadModel } from "../load.ts";

vi.mock("h5wasm", () => {
  throw new Error("Cannot find package 'h5wasm'");
});

test("without the optional package, an HDF5 file is refused with what to install", async () => {
  // The library is what reads the rest of the file; 9 is a superblock version that only it can judge.
  const bytes = new Uint8Array(64);
  bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 9]);
  const loading = loadModel(bytes, "m.h5");
  await expect(loading).rejects.toMatchObject({ code: "format.missingPeer", where: "h5wasm" });
  await expect(loading).rejects.toThrow("npm install h5wasm");
});
