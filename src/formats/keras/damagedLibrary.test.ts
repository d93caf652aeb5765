/**
 * Hostile files make the HDF5 library trap now and then, depending on all that its memory held before: that is played here.
 * By itself in its file: the library of this process is worth nothing afterwards.
 */
import { expect, test, vi } from "vitest";
import { loadModel } from "../load.ts";
import { kerasMlp } from "../testing/models.ts";

test("after a file that made the HDF5 library trap, no other is read in this process", async () => {
  const valid = await kerasMlp();
  await loadModel(valid, "before.h5");
  const module = await (await import("h5wasm")).ready;
  const open = vi.spyOn(module, "open").mockImplementation(() => {
    throw new WebAssembly.RuntimeError("memory access out of bounds");
  });
  await expect(loadModel(valid, "trap.h5")).rejects.toMatchObject({ code: "model.malformed" });
  open.mockRestore();
  await expect(loadModel(valid, "after.h5")).rejects.toMatchObject({
    code: "format.damagedLibrary",
    category: "resources",
  });
});
