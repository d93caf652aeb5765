import { describe, expect, it } from "vitest";
import { add, type Ext, fromBase, mul, ONE, sub, ZERO } from "../field/ext.ts";
import { dotExt, getExt, toExtVector } from "../field/extVector.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { eqAtIndex, eqEval, eqPairPrefixSum, eqPrefixSum, eqTable, evaluateMultilinear } from "./eq.ts";
import { extrapolate, interpolate, lagrangeCoefficients } from "./lagrange.ts";

/** Π over the bits of index, most significant first. */
function naiveEq(point: readonly Ext[], index: number): Ext {
  return point.reduce((product, z, i) => {
    const bit = (index >> (point.length - 1 - i)) & 1;
    return mul(product, bit === 1 ? z : sub(ONE, z));
  }, ONE);
}

describe("the equality polynomial", () => {
  it("has tables that agree with its definition, truncated ones too", () => {
    for (const n of [0, 1, 2, 5]) {
      const point = seededExts(n + 1, n);
      for (let limit = 1; limit <= 2 ** n; limit++) {
        const table = eqTable(point, limit);
        expect(table.length).toBe(4 * limit);
        for (let x = 0; x < limit; x++) expect(getExt(table, x)).toEqual(naiveEq(point, x));
      }
      for (let x = 0; x < 2 ** n; x++) expect(eqAtIndex(point, x)).toEqual(naiveEq(point, x));
    }
  });

  it("sums prefixes as brute force does", () => {
    for (const n of [0, 1, 3, 5]) {
      const point = seededExts(n + 7, n);
      let sum = ZERO;
      for (let limit = 0; limit <= 2 ** n; limit++) {
        expect(eqPrefixSum(point, limit), `${limit} of 2^${n}`).toEqual(sum);
        sum = add(sum, naiveEq(point, limit));
      }
    }
  });

  it("sums prefixes at two points as brute force does", () => {
    for (const n of [0, 1, 3, 5]) {
      const y = seededExts(n + 7, n);
      const z = seededExts(n + 70, n);
      let sum = ZERO;
      for (let limit = 0; limit <= 2 ** n; limit++) {
        expect(eqPairPrefixSum(z, y, limit), `${limit} of 2^${n}`).toEqual(sum);
        sum = add(sum, mul(naiveEq(z, limit), naiveEq(y, limit)));
      }
    }
    expect(() => eqPairPrefixSum([], [ONE], 1)).toThrow(RangeError);
  });

  it("evaluates multilinear extensions", () => {
    for (const n of [0, 1, 2, 3, 6]) {
      const point = seededExts(n + 1, n);
      const vector = toExtVector(seededExts(99, 2 ** n));
      expect(evaluateMultilinear(vector, point)).toEqual(dotExt(vector, eqTable(point)));
      expect(() => evaluateMultilinear(vector, [...point, ONE])).toThrow(RangeError);
    }
  });

  it("at two points is the sum over the cube", () => {
    const z = seededExts(1, 4);
    const y = seededExts(2, 4);
    let sum = ZERO;
    for (let x = 0; x < 16; x++) sum = add(sum, mul(naiveEq(z, x), naiveEq(y, x)));
    expect(eqEval(z, y)).toEqual(sum);
    expect(() => eqEval(z, y.slice(1))).toThrow(RangeError);
  });
});

describe("interpolation", () => {
  it("extrapolates and interpolates a polynomial of known coefficients", () => {
    for (const degree of [0, 1, 2, 7]) {
      const coefficients = seededExts(degree + 3, degree + 1);
      const evaluate = (x: Ext): Ext => coefficients.reduceRight((value, c) => add(mul(value, x), c), ZERO);
      const at = (x: number): Ext => evaluate(fromBase(x));
      const values = Array.from({ length: degree + 1 }, (_, i) => at(i));
      const [theta] = seededExts(99, 1);
      expect(interpolate(values, theta)).toEqual(evaluate(theta));
      const far = extrapolate(values, 2 * degree + 3);
      expect(far).toEqual(Array.from({ length: degree + 3 }, (_, i) => at(degree + 1 + i)));
    }
  });

  it("refuses a node", () => {
    expect(() => lagrangeCoefficients(4, fromBase(3))).toThrow(RangeError);
    expect(lagrangeCoefficients(4, fromBase(4))).toHaveLength(4);
  });
});
