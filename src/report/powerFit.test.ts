import { describe, expect, it } from "vitest";
import { powerFit } from "./powerFit.ts";

describe("powerFit", () => {
  it("finds a power law", () => {
    const fit = powerFit([1, 2, 5, 9].map((x) => ({ x, y: 3 * x ** 1.7 })));
    expect(fit?.exponent).toBeCloseTo(1.7, 10);
    expect(fit?.factor).toBeCloseTo(3, 10);
    expect(fit?.r2).toBeCloseTo(1, 10);
  });

  it("claims nothing from two positions or from zero", () => {
    expect(
      powerFit([
        { x: 1, y: 1 },
        { x: 2, y: 2 },
        { x: 2, y: 3 },
      ]),
    ).toBeNull();
    expect(powerFit([0, 1, 2].map((x) => ({ x, y: 1 })))).toBeNull();
  });
});
