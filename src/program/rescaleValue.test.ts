import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Multiplier, Rounding } from "./program.ts";
import { rescaleValue } from "./rescaleValue.ts";
import { roundInBigIntegers } from "./testing/bigIntRounding.ts";
import { multiplierArbitrary, ROUNDINGS } from "./testing/multiplierArbitrary.ts";

const EXTREMES = [-(2 ** 31), -(2 ** 31) + 1, -(2 ** 30), -65537, -65536, -3, -2, -1, 0, 1, 2, 3].concat([
  5,
  65535,
  65536,
  2 ** 24 + 1,
  2 ** 24 + 3,
  2 ** 30,
  2 ** 30 + 1,
  2 ** 31 - 2,
  2 ** 31 - 1,
]);

/** Above 2^53 only the leading digits are promised: enough for any clamp. */
function expectEqual(rounding: Rounding, multiplier: Multiplier, x: number): void {
  const exact = roundInBigIntegers(rounding, multiplier, BigInt(x));
  const value = rescaleValue(rounding, multiplier, x);
  if (Math.abs(value) <= 2 ** 53) expect(BigInt(value)).toBe(exact);
  else expect(value).toBeCloseTo(Number(exact), -Math.log10(Math.abs(value)) + 14);
  expect(Object.is(value, -0)).toBe(false);
}

describe.each(ROUNDINGS)("rescaleValue, %s", (rounding) => {
  it("is what the definition says in unbounded integers", () => {
    const anyX = fc.oneof(fc.integer(), fc.constantFrom(...EXTREMES), fc.integer({ min: -5000, max: 5000 }));
    fc.assert(
      fc.property(multiplierArbitrary(rounding), anyX, (multiplier, x) => {
        expectEqual(rounding, multiplier, x);
      }),
      { numRuns: 20000 },
    );
  });

  it("is so for all extremes together", () => {
    const multipliers =
      rounding === "float-half-even"
        ? [2 ** -149, 2 ** -24, 0.5, 0.25, Math.fround(1 / 3), 1, 1.5, 2 ** 31 - 128]
        : [1, 2, 3, 2 ** 16, 2 ** 30 - 1, 2 ** 30, 2 ** 30 + 1, 2 ** 31 - 1];
    const isShifted = rounding === "tflite-single" || rounding === "tflite-double";
    const shifts = isShifted ? Array.from({ length: 62 }, (_, index) => index - 31) : [0];
    for (const multiplier of multipliers) {
      for (const shift of shifts) {
        for (const x of EXTREMES) expectEqual(rounding, { multiplier, shift }, x);
      }
    }
  });

  it("rounds a half as its name says", () => {
    // x / 2 for x = −3, −1, 1, 3.
    const half: Record<Rounding, Multiplier> = {
      "tflite-single": { multiplier: 2 ** 30, shift: 0 },
      "tflite-double": { multiplier: 2 ** 30, shift: 0 },
      "float-half-even": { multiplier: 0.5, shift: 0 },
      "divide-half-away": { multiplier: 2, shift: 0 },
    };
    const expected: Record<Rounding, number[]> = {
      "tflite-single": [-1, 0, 1, 2],
      "tflite-double": [-1, 0, 1, 2],
      "float-half-even": [-2, 0, 0, 2],
      "divide-half-away": [-2, -1, 1, 2],
    };
    expect([-3, -1, 1, 3].map((x) => rescaleValue(rounding, half[rounding], x))).toEqual(expected[rounding]);
  });
});

describe("rescaleValue", () => {
  it("tells rounding once from rounding twice", () => {
    // 2^−2 as 2^31 / 2 with one shift more: −2 / 4 is a half away from zero when shifted, up when rounded at once.
    const quarter = { multiplier: 2 ** 30, shift: -1 };
    expect(rescaleValue("tflite-single", quarter, -2)).toBe(0);
    expect(rescaleValue("tflite-double", quarter, -2)).toBe(-1);
    // 1 / 4 is rounded to 1 first (half up), then to 1 again.
    expect(rescaleValue("tflite-single", quarter, 1)).toBe(0);
    expect(rescaleValue("tflite-double", quarter, 1)).toBe(1);
  });
});
