import { expect, test, vi } from "vitest";
import { loadModel } from "../load.ts";

vi.mock("h5wasm", () => {
  throw new Error("Cannot find package 'h5wasm'");
});

test("without the optional package, an HDF5 file is refused with what to install", async () => {
  const signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);
  const loading = loadModel(signature, "m.h5");
  await expect(loading).rejects.toMatchObject({ code: "format.missingPeer", where: "h5wasm" });
  await expect(loading).rejects.toThrow("npm install h5wasm");
});
