import { describe, expect, it } from "vitest";
import { SeededRandom } from "../random.ts";
import { MatrixProducts } from "./products.ts";

function integers(length: number, random: SeededRandom): Float32Array {
  return Float32Array.from({ length }, () => random.nextBelow(17) - 8);
}

function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  return data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]);
}

describe("products of matrices", () => {
  const products = new MatrixProducts();

  it.each([
    [1, 1, 1],
    [3, 5, 2],
    [4, 8, 16],
    [5, 9, 7],
    [13, 31, 100],
    [64, 3, 300],
  ])("[%i, k] · [k, %i] with k = %i, however they are stored", (m, n, k) => {
    const random = new SeededRandom(m + n + k);
    const a = integers(m * k, random);
    const b = integers(k * n, random);
    const expected = Array.from({ length: m * n }, (_, at) => {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[Math.floor(at / n) * k + p] * b[p * n + (at % n)];
      return sum;
    });
    for (const left of [{ data: a }, { data: transposed(a, m, k), transposed: true }]) {
      for (const right of [{ data: b }, { data: transposed(b, k, n), transposed: true }]) {
        const out = new Float32Array(m * n).fill(1);
        products.multiply({ a: left, b: right, out, m, n, k });
        expect(Array.from(out)).toEqual(expected);
        products.multiply({ a: left, b: right, out, m, n, k, accumulate: true });
        expect(Array.from(out)).toEqual(expected.map((value) => 2 * value));
      }
    }
  });

  it("refuses arrays of other lengths", () => {
    const [a, b] = [{ data: new Float32Array(6) }, { data: new Float32Array(6) }];
    const call = () => products.multiply({ a, b, out: new Float32Array(5), m: 2, n: 2, k: 3 });
    expect(call).toThrow(RangeError);
  });
});
