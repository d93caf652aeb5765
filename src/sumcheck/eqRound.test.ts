import { describe, expect, it } from "vitest";
import { add, type Ext, mul, ONE, sub, ZERO } from "../field/ext.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { eqRound, evaluateCubic } from "./eqRound.ts";

describe.each([1, 2, 3, 4])("a round with eq (seed %i)", (seed) => {
  const [prefix, z, s0, s1, s2, elsewhere] = seededExts(seed, 6);
  const factor = (x: Ext): Ext => add(mul(sub(ONE, z), sub(ONE, x)), mul(z, x));
  const summand = (x: Ext): Ext => add(s0, mul(x, add(s1, mul(x, s2))));
  const round = (x: Ext): Ext => mul(prefix, mul(factor(x), summand(x)));
  const claim = add(round(ZERO), round(ONE));
  const { coefficients, e0, e1 } = eqRound(claim, prefix, z, s0, s2);

  it("is the polynomial prefix · eq(z, X) · S(X), known from its claim, S(0) and S's leading coefficient", () => {
    for (const x of [ZERO, ONE, [2, 0, 0, 0] as const, z, elsewhere]) {
      expect(evaluateCubic(coefficients, x)).toEqual(round(x));
    }
  });

  it("names the factor's values at 0 and 1", () => {
    expect([e0, e1]).toEqual([mul(prefix, factor(ZERO)), mul(prefix, factor(ONE))]);
  });

  it("takes S(1) where z is a bit and the claim does not tell it", () => {
    for (const bit of [ZERO, ONE]) {
      const at = (x: Ext): Ext => {
        const eq = add(mul(sub(ONE, bit), sub(ONE, x)), mul(bit, x));
        return mul(prefix, mul(eq, summand(x)));
      };
      const given = eqRound(add(at(ZERO), at(ONE)), prefix, bit, s0, s2, summand(ONE));
      for (const x of [ZERO, ONE, elsewhere]) expect(evaluateCubic(given.coefficients, x)).toEqual(at(x));
    }
  });

  it("sums to any claim, also to a false one", () => {
    const forged = add(claim, ONE);
    const other = eqRound(forged, prefix, z, s0, s2).coefficients;
    expect(add(evaluateCubic(other, ZERO), evaluateCubic(other, ONE))).toEqual(forged);
  });
});
