import { describe, expect, test } from "vitest";
import { rescaleValue } from "../../program/rescaleValue.ts";
import { activationRange, roundHalfAway } from "./activationRange.ts";
import { additionOf } from "./addends.ts";
import { meanMultiplier } from "./meanMultiplier.ts";
import { quantiseMultiplier } from "./quantiseMultiplier.ts";
import { sameThresholds } from "./sameThresholds.ts";

describe("quantiseMultiplier", () => {
  test.each([
    [1, { multiplier: 2 ** 30, shift: 1 }],
    [0.5, { multiplier: 2 ** 30, shift: 0 }],
    [0.75, { multiplier: 3 * 2 ** 29, shift: 0 }],
    [1 / 3, { multiplier: 1431655765, shift: -1 }],
    // The significand rounds up to 1.
    [1 - 2 ** -40, { multiplier: 2 ** 30, shift: 1 }],
    [2 ** -31, { multiplier: 2 ** 30, shift: -30 }],
  ])("%d", (real, expected) => {
    expect(quantiseMultiplier(real)).toEqual(expected);
  });

  test("what TensorFlow Lite flushes to 0 gives 0 for every sum of a program", () => {
    for (const real of [0, 2 ** -40]) {
      for (const sum of [-(2 ** 29), -1, 0, 1, 2 ** 29]) {
        expect(rescaleValue("tflite-double", quantiseMultiplier(real), sum)).toBe(0);
        expect(rescaleValue("tflite-single", quantiseMultiplier(real), sum)).toBe(0);
      }
    }
  });
});

test("halves round away from zero, for every double", () => {
  expect([2.5, -2.5, 0.5, -0.5, 0.49999999999999994, -0.2].map(roundHalfAway)).toEqual([3, -3, 1, -1, 0, 0]);
});

test("a mean divides by its count", () => {
  const whole = quantiseMultiplier(1);
  for (const count of [1, 2, 15, 49, 1000]) {
    const { multiplier, shift } = meanMultiplier(whole, count);
    expect((multiplier / 2 ** 31) * 2 ** shift).toBeCloseTo(1 / count, 8);
  }
});

test("activations clamp to integers of the output", () => {
  const output = { type: "int8", scale: Math.fround(0.05), zeroPoint: -3 } as const;
  expect(activationRange(output, { lo: 0, hi: Number.POSITIVE_INFINITY })).toEqual({ lo: -3, hi: 127 });
  expect(activationRange(output, { lo: 0, hi: 6 })).toEqual({ lo: -3, hi: 117 });
  expect(activationRange({ ...output, scale: Math.fround(0.01) }, { lo: -1, hi: 1 })).toEqual({
    lo: -103,
    hi: 97,
  });
});

test("the addend of the larger scale needs no table", () => {
  const quant = (scale: number) => ({ type: "int8", scale: Math.fround(scale), zeroPoint: 5 }) as const;
  const { left, right } = additionOf(quant(0.1), quant(0.07), quant(0.2), "tflite-double");
  expect(left).toEqual({ kind: "linear", slope: 2 ** 19 });
  expect(right.kind).toBe("table");
});

describe("sameThresholds", () => {
  const sums = { lo: -100_000, hi: 100_000 };
  const steps = { lo: -128, hi: 127 };

  test.each([0.125, 0.0046501425859796, 1 / 3, 0.9999])("%d times a sum, halves away from zero", (scale) => {
    const round = (sum: number): number => roundHalfAway(sum * scale);
    const multiplier = sameThresholds("tflite-single", quantiseMultiplier(scale), round, sums, steps);
    const clamp = (step: number): number => Math.min(Math.max(step, steps.lo), steps.hi);
    for (let sum = sums.lo; sum <= sums.hi; sum++) {
      if (clamp(rescaleValue("tflite-single", multiplier, sum)) !== clamp(round(sum)))
        throw new Error(`differs at ${sum}`);
    }
  });

  test("a function that no multiplier gives is refused", () => {
    const round = (sum: number): number => (sum >= 10 ? 1 : 0);
    expect(() => sameThresholds("tflite-single", quantiseMultiplier(0.3), round, sums, steps)).toThrow(
      /no multiplier of 31 bits/,
    );
  });
});
