import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as ext from "./ext.ts";
import { dotBase, dotExt, toExtVector } from "./extVector.ts";
import * as f from "./m31.ts";
import { seededExts } from "./testing/seededExt.ts";

const BIG_P = BigInt(f.P);
const EDGES = [0, 1, 2, f.P - 1, f.P - 2, 2 ** 30, 2 ** 30 - 1, 46341, 65536];
const word = fc.oneof(fc.constantFrom(...EDGES), fc.nat({ max: f.P - 1 }));
const element = fc.tuple(word, word, word, word);

/** (a0 + a1·i + (a2 + a3·i)·u) as polynomials with BigInt coefficients, reduced by i² = −1 and u² = 2 + i. */
function naiveMul(a: ext.Ext, b: ext.Ext): number[] {
  const result = [0n, 0n, 0n, 0n];
  for (let x = 0; x < 4; x++) {
    for (let y = 0; y < 4; y++) {
      let terms: [number, bigint][] = [[(x & 1) + (y & 1), BigInt(a[x]) * BigInt(b[y])]];
      const u = (x >> 1) + (y >> 1);
      if (u === 2)
        terms = terms.flatMap(([i, c]): [number, bigint][] => [
          [i, 2n * c],
          [i + 1, c],
        ]);
      for (const [i, c] of terms) result[(i % 2) + (u === 1 ? 2 : 0)] += i % 4 >= 2 ? -c : c;
    }
  }
  return result.map((c) => Number(((c % BIG_P) + BIG_P) % BIG_P));
}

describe("the prime field", () => {
  it("multiplies as integers do, edge values included", () => {
    const check = (a: number, b: number): void => {
      expect(f.mul(a, b)).toBe(Number((BigInt(a) * BigInt(b)) % BIG_P));
    };
    for (const a of EDGES) for (const b of EDGES) check(a, b);
    fc.assert(fc.property(word, word, check), { numRuns: 2000 });
  });

  it("reduces wide pairs, at the ends of their range too", () => {
    const limit = 2 ** 52;
    const wide = fc.oneof(
      fc.maxSafeInteger().map((x) => x % limit),
      fc
        .integer({ min: -(2 ** 20), max: 2 ** 20 })
        .chain((k) => fc.integer({ min: -1, max: 1 }).map((d) => k * f.P + d)),
      fc.constantFrom(0, limit, -limit, f.P, -f.P),
    );
    const check = (high: number, low: number): void => {
      const expected = (((BigInt(high) * 65536n + BigInt(low)) % BIG_P) + BIG_P) % BIG_P;
      expect(f.reduceWide(high, low)).toBe(Number(expected));
    };
    fc.assert(fc.property(wide, wide, check), { numRuns: 5000 });
  });

  it("adds, subtracts, negates and inverts canonically", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(f.add(a, b)).toBe(Number((BigInt(a) + BigInt(b)) % BIG_P));
        expect(f.add(f.sub(a, b), b)).toBe(a);
        expect(f.add(a, f.neg(a))).toBe(0);
        if (a !== 0) expect(f.mul(a, f.inv(a))).toBe(1);
      }),
    );
    expect(() => f.inv(0)).toThrow(RangeError);
    expect(Object.is(f.fromInteger(-f.P), 0)).toBe(true);
    expect(f.fromInteger(-1)).toBe(f.P - 1);
  });
});

describe("the extension", () => {
  it("is a field: −1 is no square of F and 2 + i no square of F[i]", () => {
    expect(f.pow(f.P - 1, (f.P - 1) / 2)).toBe(f.P - 1);
    // Euler's criterion in F[i]: a^((p² − 1)/2) = (a^(p − 1))^((p + 1)/2).
    const a: ext.Ext = [2, 1, 0, 0];
    expect(ext.pow(ext.pow(a, f.P - 1), (f.P + 1) / 2)).toEqual([f.P - 1, 0, 0, 0]);
  });

  it("multiplies as polynomials do", () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        expect(ext.mul(a, b)).toEqual(naiveMul(a, b));
      }),
      { numRuns: 1000 },
    );
  });

  it("inverts everything but zero", () => {
    fc.assert(
      fc.property(element, (a) => {
        if (ext.isZero(a)) return;
        expect(naiveMul(a, ext.inv(a))).toEqual([1, 0, 0, 0]);
      }),
    );
    expect(() => ext.inv(ext.ZERO)).toThrow(RangeError);
  });
});

describe("dot products", () => {
  const naive = (terms: readonly ext.Ext[]): ext.Ext => terms.reduce(ext.add, ext.ZERO);
  const largest: ext.Ext = [f.P - 1, f.P - 1, f.P - 1, f.P - 1];

  it.each([0, 1, 31, 32, 33, 100])("of %i elements are sums of products", (length) => {
    for (const values of [seededExts(length + 1, length), new Array<ext.Ext>(length).fill(largest)]) {
      const vector = toExtVector(values);
      const base = Uint32Array.from(values, ([c0]) => c0);
      expect(dotBase(base, vector)).toEqual(naive(values.map((value, i) => ext.scale(value, base[i]))));
      expect(dotExt(vector, vector)).toEqual(naive(values.map((value) => ext.mul(value, value))));
      expect(dotBase(base.subarray(0, length >> 1), vector)).toEqual(
        naive(values.slice(0, length >> 1).map((value, i) => ext.scale(value, base[i]))),
      );
    }
  });
});
