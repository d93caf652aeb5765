import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Multiplier, Rescale, Rounding } from "./program.ts";
import { rescaleThresholds } from "./rescaleThresholds.ts";
import { roundInBigIntegers } from "./testing/bigIntRounding.ts";
import { multiplierArbitrary, ROUNDINGS } from "./testing/multiplierArbitrary.ts";

function rescaleOf(rounding: Rounding, multiplier: Multiplier, zeroPoint: number, lo: number): Rescale {
  const range = { zeroPoint, lo, hi: lo + 255 };
  return { kind: "rescale", name: "r", input: 0, rounding, multipliers: [multiplier], ...range, output: 1 };
}

describe.each(ROUNDINGS)("rescaleThresholds, %s", (rounding) => {
  it("are the least integers that reach each output", () => {
    const zeroPoints = fc.oneof(fc.integer({ min: -128, max: 255 }), fc.integer({ min: -(2 ** 31) + 1 }));
    const bounds = fc.constantFrom(-128, 0, -300, 2 ** 31 - 256);
    fc.assert(
      fc.property(multiplierArbitrary(rounding), zeroPoints, bounds, (multiplier, zeroPoint, lo) => {
        const thresholds = rescaleThresholds(rescaleOf(rounding, multiplier, zeroPoint, lo), 0);
        expect(thresholds.length).toBe(255);
        const reaches = (x: number, y: number): boolean =>
          roundInBigIntegers(rounding, multiplier, BigInt(x)) + BigInt(zeroPoint) >= BigInt(y);
        // All 255 take long in unbounded integers.
        for (const index of [0, 1, 77, 127, 128, 200, 254]) {
          const x = thresholds[index];
          const y = lo + 1 + index;
          if (x < 2 ** 31) expect(reaches(x, y)).toBe(true);
          if (x > -(2 ** 31)) expect(reaches(x - 1, y)).toBe(false);
          expect(x >= -(2 ** 31) && x <= 2 ** 31).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("rescaleThresholds", () => {
  it("are one per output above the least, for the multiplier of the channel", () => {
    const single = rescaleOf("divide-half-away", { multiplier: 10, shift: 0 }, 0, 0);
    expect([...rescaleThresholds(single, 5)].slice(0, 3)).toEqual([5, 15, 25]);
    const both: Rescale = {
      ...single,
      lo: -1,
      hi: 1,
      multipliers: [10, 7].map((multiplier) => ({ multiplier, shift: 0 })),
    };
    expect([...rescaleThresholds(both, 0)]).toEqual([-4, 5]);
    expect([...rescaleThresholds(both, 1)]).toEqual([-3, 4]);
    expect(rescaleThresholds({ ...both, hi: -1 }, 0).length).toBe(0);
  });
});
