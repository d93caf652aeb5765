import { describe, expect, it } from "vitest";
import { Arena, PAGE_BYTES } from "./arena.ts";

function createArena(limit: number): Arena {
  return new Arena(new WebAssembly.Memory({ initial: 1, maximum: 64 }), 1024, limit);
}

describe("Arena", () => {
  it("hands out aligned, zeroed, disjoint arrays", () => {
    const arena = createArena(PAGE_BYTES * 64);
    const mark = arena.mark();
    const first = arena.alloc(5);
    const second = arena.alloc(100_000);
    expect([first % 64, second % 64]).toEqual([0, 0]);
    expect(second - first).toBeGreaterThanOrEqual(20);
    arena.words.fill(7, first / 4, second / 4 + 100_000);
    arena.release(mark);
    const again = arena.alloc(100_200);
    expect(again).toBe(first);
    expect(arena.words.subarray(again / 4, again / 4 + 100_200).every((word) => word === 0)).toBe(true);
  });

  it("clears what was handed out unset before", () => {
    const arena = createArena(PAGE_BYTES * 64);
    const mark = arena.mark();
    for (const alloc of [arena.allocUnset, arena.allocUnset, arena.alloc]) {
      arena.release(mark);
      const at = alloc.call(arena, 1000) / 4;
      if (alloc === arena.alloc)
        expect(arena.words.subarray(at, at + 1000).every((word) => word === 0)).toBe(true);
      arena.words.fill(7, at, at + 1000);
    }
  });

  it("keeps equally long arrays in different cache sets", () => {
    const arena = createArena(PAGE_BYTES * 64);
    const starts = Array.from({ length: 8 }, () => arena.alloc(4096));
    expect(new Set(starts.map((start) => start % 4096)).size).toBe(8);
  });

  it("grows up to its limit and says so beyond", () => {
    const arena = createArena(PAGE_BYTES * 4 + 100);
    arena.alloc((PAGE_BYTES * 3) / 4);
    expect(arena.words.byteLength).toBeLessThanOrEqual(PAGE_BYTES * 4);
    expect(() => arena.alloc(PAGE_BYTES / 4)).toThrow(
      expect.objectContaining({ code: "resources.memory", category: "resources" }),
    );
    expect(arena.alloc(16)).toBeGreaterThan(0);
  });

  it("refuses sizes and marks that make no sense", () => {
    const arena = createArena(PAGE_BYTES);
    expect(() => arena.alloc(-1)).toThrow(RangeError);
    expect(() => arena.alloc(Number.NaN)).toThrow(RangeError);
    expect(() => arena.release(2 ** 20)).toThrow(RangeError);
  });
});
