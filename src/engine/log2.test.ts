import { describe, expect, it } from "vitest";
import { log2Down } from "./log2.ts";
import { seededIntegers } from "./testing/denseProgram.ts";

/** Whether 2^(digits/scale) ≤ numerator/denominator, in integers. */
function isBelow(digits: bigint, scale: bigint, numerator: bigint, denominator: bigint): boolean {
  return 2n ** digits * denominator ** scale <= numerator ** scale;
}

describe("log2Down", () => {
  it("is exact at powers of two and rounds down beside them", () => {
    for (let exponent = 0; exponent <= 124; exponent++) {
      const power = 2 ** exponent;
      expect(log2Down(power)).toBe(exponent);
      expect(log2Down(power * (1 + 2 ** -30))).toBe(exponent + 5 * 2 ** -32);
      expect(log2Down(power * (1 + 2 ** -52))).toBe(exponent);
      if (exponent === 0) continue;
      const below = log2Down(power * (1 - 2 ** -53));
      expect(below).toBeLessThan(exponent);
      expect(Math.floor(below)).toBe(exponent - 1);
    }
  });

  it("is the floor that integer arithmetic gives", () => {
    const scale = 2n ** 10n;
    const [numerators, denominators] = [3, 8].map((seed) => seededIntegers(seed, 40, 1, 2 ** 24));
    numerators.forEach((a, i) => {
      const numerator = Math.max(a, denominators[i]);
      const denominator = Math.min(a, denominators[i]);
      const digits = BigInt(Math.floor(log2Down(numerator / denominator) * 2 ** 10));
      expect(isBelow(digits, scale, BigInt(numerator), BigInt(denominator))).toBe(true);
      expect(isBelow(digits + 1n, scale, BigInt(numerator), BigInt(denominator))).toBe(false);
    });
  });

  it("is never above the real logarithm and less than a unit below", () => {
    for (const value of seededIntegers(5, 500, 1, 2 ** 30)) {
      const exact = Math.log2(value);
      expect(log2Down(value)).toBeLessThanOrEqual(exact + 1e-14);
      expect(log2Down(value)).toBeGreaterThan(exact - 2 ** -31);
    }
  });

  it("refuses what has no logarithm here", () => {
    for (const value of [0.999, 0, -1, Number.NaN, Infinity])
      expect(() => log2Down(value)).toThrow(RangeError);
  });
});
