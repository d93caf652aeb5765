import { describe, expect, it } from "vitest";
import { add, inv, mul, P, sub } from "../field/m31.ts";
import { circleEncode, circleEncodeExtAt, circleTwiddles } from "./circle.ts";
import { addPoints, basisValues, type CirclePoint, domainPoint, doubleX, GENERATOR } from "./circleGroup.ts";

function randomWords(length: number): Uint32Array {
  return Uint32Array.from({ length }, () => Math.floor(Math.random() * P));
}

function double(point: CirclePoint, times: number): CirclePoint {
  let result = point;
  for (let k = 0; k < times; k++) result = addPoints(result, result);
  return result;
}

/** b_j at a point, by the definition. */
function basisValue(j: number, point: CirclePoint): number {
  let value = j % 2 === 1 ? point.y : 1;
  let x = point.x;
  for (let rest = Math.floor(j / 2); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) value = mul(value, x);
    x = doubleX(x);
  }
  return value;
}

function evaluate(coefficients: Uint32Array, point: CirclePoint): number {
  return coefficients.reduce((sum, c, j) => add(sum, mul(c, basisValue(j, point))), 0);
}

function rank(matrix: number[][]): number {
  const rows = matrix.map((row) => [...row]);
  let found = 0;
  for (let column = 0; column < rows[0].length && found < rows.length; column++) {
    const pivot = rows.findIndex((row, i) => i >= found && row[column] !== 0);
    if (pivot < 0) continue;
    [rows[found], rows[pivot]] = [rows[pivot], rows[found]];
    const scale = inv(rows[found][column]);
    for (let i = found + 1; i < rows.length; i++) {
      const factor = mul(rows[i][column], scale);
      rows[i] = rows[i].map((value, k) => sub(value, mul(factor, rows[found][k])));
    }
    found++;
  }
  return found;
}

function randomSubset(size: number, n: number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(Math.floor(Math.random() * n));
  return [...chosen];
}

describe("circle group", () => {
  it("has the generator's order 2^31", () => {
    expect(add(mul(GENERATOR.x, GENERATOR.x), mul(GENERATOR.y, GENERATOR.y))).toBe(1);
    expect(double(GENERATOR, 30)).toEqual({ x: P - 1, y: 0 });
    expect(double(GENERATOR, 31)).toEqual({ x: 1, y: 0 });
  });

  it.each([0, 1, 2, 3, 4, 7])("domain of size 2^%i: n distinct points of order exactly 2n", (logN) => {
    const points = Array.from({ length: 2 ** logN }, (_, i) => domainPoint(logN, i));
    expect(new Set(points.map((point) => `${point.x},${point.y}`)).size).toBe(2 ** logN);
    for (const point of points) expect(double(point, logN)).toEqual({ x: P - 1, y: 0 });
  });

  it("has tables of basis values that agree with the definition", () => {
    const point = domainPoint(6, 37);
    for (const size of [1, 2, 4, 32])
      expect([...basisValues(size, point)]).toEqual(
        Array.from({ length: size }, (_, j) => basisValue(j, point)),
      );
  });

  it("refuses sizes and indices outside the group", () => {
    expect(() => domainPoint(31, 0)).toThrow(RangeError);
    expect(() => domainPoint(3, 8)).toThrow(RangeError);
    expect(() => circleTwiddles(-1)).toThrow(RangeError);
  });
});

describe("circleEncode", () => {
  it.each([0, 1, 2, 3, 4, 5, 8])("evaluates at every point, n = 2^%i", (logN) => {
    const n = 2 ** logN;
    for (const length of new Set([0, 1, 2, 3, n / 4 + 3, n / 2, n / 2 + 1, n - 1, n])) {
      if (length > n || !Number.isInteger(length)) continue;
      const coefficients = randomWords(length);
      const expected = Array.from({ length: n }, (_, i) => evaluate(coefficients, domainPoint(logN, i)));
      expect([...circleEncode(coefficients, logN)]).toEqual(expected);
    }
  });

  it.each([0, 1, P - 1])("is exact for coefficients that are all %i", (value) => {
    const coefficients = new Uint32Array(16).fill(value);
    const expected = Array.from({ length: 16 }, (_, i) => evaluate(coefficients, domainPoint(4, i)));
    expect([...circleEncode(coefficients, 4)]).toEqual(expected);
  });

  it("refuses too many coefficients and words that are not canonical", () => {
    expect(() => circleEncode(new Uint32Array(9), 3)).toThrow(/expected at most 8/);
    expect(() => circleEncode(Uint32Array.of(P), 3)).toThrow(RangeError);
    expect(() => circleEncode(Uint32Array.of(1), 3, circleTwiddles(4))).toThrow(/twiddles/);
  });
});

describe("circleEncodeExtAt", () => {
  const n = 64;
  const lane = (words: Uint32Array, c: number): Uint32Array => words.filter((_, i) => i % 4 === c);

  it.each([0, 1, 2, 3, 7, 20, n])("gives the codeword at %i positions, coordinate by coordinate", (count) => {
    for (const length of [0, 1, 16, 21, n]) {
      const coefficients = randomWords(4 * length);
      const positions = randomSubset(count, n);
      const values = circleEncodeExtAt(coefficients, 6, positions);
      for (let c = 0; c < 4; c++) {
        const codeword = circleEncode(lane(coefficients, c), 6);
        expect([...lane(values, c)]).toEqual(positions.map((position) => codeword[position]));
      }
    }
  });

  it("serves the smallest domains", () => {
    const coefficients = randomWords(4);
    expect(circleEncodeExtAt(coefficients, 0, [0])).toEqual(coefficients);
    const values = circleEncodeExtAt(coefficients, 1, [1, 0]);
    expect(values).toEqual(Uint32Array.of(...coefficients, ...coefficients));
  });

  it("refuses what is no word of the code", () => {
    expect(() => circleEncodeExtAt(new Uint32Array(5), 3, [0])).toThrow(/groups of 4/);
    expect(() => circleEncodeExtAt(new Uint32Array(36), 3, [0])).toThrow(/expected at most 32/);
    expect(() => circleEncodeExtAt(Uint32Array.of(1, 2, 3, P), 3, [0])).toThrow(RangeError);
    expect(() => circleEncodeExtAt(new Uint32Array(4), 3, [8])).toThrow(RangeError);
  });
});

describe("hiding", () => {
  // Data in slots 0 … D − 1, t random coefficients in D … D + t − 1: with t odd, any Q ≤ t opened positions are
  // uniform, because the random slots have full rank there.
  it.each([
    [4, 3, 16],
    [8, 7, 32],
    [16, 11, 64],
  ])("any Q ≤ t columns are independent: D = %i, t = %i, n = %i", (d, t, n) => {
    const logN = Math.log2(n);
    for (let trial = 0; trial < 200; trial++) {
      const positions = randomSubset(1 + Math.floor(Math.random() * t), n);
      const matrix = positions.map((i) =>
        Array.from({ length: t }, (_, k) => basisValue(d + k, domainPoint(logN, i))),
      );
      expect(rank(matrix)).toBe(positions.length);
    }
  });

  it("even t has dependent columns, as the analysis says", () => {
    const points = Array.from({ length: 16 }, (_, i) => domainPoint(4, i));
    let dependent = 0;
    for (let a = 0; a < 16; a++)
      for (let b = a + 1; b < 16; b++) {
        const matrix = [points[a], points[b]].map((p) => [basisValue(4, p), basisValue(5, p)]);
        if (rank(matrix) < 2) dependent++;
      }
    expect(dependent).toBeGreaterThan(0);
  });

  it("has minimum distance n − k + 1 when D + t is odd (D = 4, t = 3, n = 16)", () => {
    for (let trial = 0; trial < 300; trial++) {
      const positions = randomSubset(7, 16);
      const matrix = positions.map((i) =>
        Array.from({ length: 7 }, (_, k) => basisValue(k, domainPoint(4, i))),
      );
      expect(rank(matrix)).toBe(7);
    }
  });
});
