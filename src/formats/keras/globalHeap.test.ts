import { describe, expect, test } from "vitest";
import { kerasMlp } from "../testing/models.ts";
import { checkGlobalHeaps } from "./globalHeap.ts";

/** A heap collection of 64 bytes at byte 8: one object of 5 bytes, then free space. */
function heap(): Uint8Array {
  const bytes = new Uint8Array(72);
  const view = new DataView(bytes.buffer);
  bytes.set([0x47, 0x43, 0x4f, 0x4c, 1], 8);
  view.setBigUint64(16, 64n, true);
  view.setUint16(24, 1, true);
  view.setBigUint64(32, 5n, true);
  view.setBigUint64(56, 24n, true);
  return bytes;
}

describe("checkGlobalHeaps", () => {
  test("passes whole heaps and real files", async () => {
    checkGlobalHeaps(heap(), "a.h5");
    checkGlobalHeaps(await kerasMlp(), "a.h5");
    checkGlobalHeaps(new Uint8Array(7), "a.h5");
  });

  test.each([
    ["free space of size 0, at which a walk stands still", 56, 0n],
    ["free space beyond the end", 56, 32n],
    ["an object beyond the end", 32, 1000n],
    ["an object of impossible size", 32, 2n ** 64n - 1n],
    ["a collection beyond the file", 16, 80n],
  ])("%s", (_, position, value) => {
    const bytes = heap();
    new DataView(bytes.buffer).setBigUint64(position, value, true);
    expect(() => checkGlobalHeaps(bytes, "a.h5")).toThrow(
      expect.objectContaining({ code: "model.malformed" }),
    );
  });
});
