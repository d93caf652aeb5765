/**
 * Points, eq and multilinear extensions: docs/spec/04-multilinear-sumcheck-masking.md, 4.1 and 4.2.
 *
 * z[0] belongs to the most significant bit of an index. Everything is computed by its definition, as a finite sum.
 */
import { add, type K, k, multiply, ONE, product, subtract, sum, ZERO } from "./field.ts";

export type Point = readonly K[];

/** bits(L): the least b with 2^b ≥ L. */
export function bits(length: number): number {
  let result = 0;
  while (2 ** result < length) result++;
  return result;
}

export function bitsOfAxes(axes: readonly number[]): number {
  return axes.reduce((total, length) => total + bits(length), 0);
}

/** The binary digits of an index, most significant first, as a point of `numBits` coordinates. */
export function indexPoint(index: number, numBits: number): Point {
  const digits: K[] = [];
  for (let bit = numBits - 1; bit >= 0; bit--) digits.push(k(Math.floor(index / 2 ** bit) % 2));
  return digits;
}

/** eq(z, y) of two points of the same length. */
export function eq(z: Point, y: Point): K {
  if (z.length !== y.length) throw new RangeError(`points of ${z.length} and ${y.length} coordinates`);
  const factors = z.map((coordinate, index) => {
    const other = y[index]!;
    const both = multiply(coordinate, other);
    const neither = multiply(subtract(ONE, coordinate), subtract(ONE, other));
    return add(both, neither);
  });
  return product(factors);
}

/** eq(z, x) for an index x. */
export function eqIndex(z: Point, index: number): K {
  return eq(z, indexPoint(index, z.length));
}

/** eq(z, x) for x = 0 … count − 1 (all 2^n indices without count), by splitting off the least significant coordinate. */
export function eqTable(z: Point, count: number = 2 ** z.length): K[] {
  if (count === 0) return [];
  if (z.length === 0) return [ONE];
  const last = z[z.length - 1]!;
  const table: K[] = [];
  for (const value of eqTable(z.slice(0, -1), Math.ceil(count / 2))) {
    const high = multiply(value, last);
    table.push(subtract(value, high), high);
  }
  return table.slice(0, count);
}

/** Σ_{x < min(L, 2^n)} eq(z, x) */
export function prefix(z: Point, length: number): K {
  return sum(eqTable(z, Math.min(length, 2 ** z.length)));
}

/** Σ_{x < min(L, 2^n)} eq(z, x)·eq(y, x) */
export function prefixPair(z: Point, y: Point, length: number): K {
  const count = Math.min(length, 2 ** z.length);
  const other = eqTable(y, count);
  return sum(eqTable(z, count).map((value, x) => multiply(value, other[x]!)));
}

/** Σ_{x < min(L, 2^n)} x·eq(z, x) */
export function indexSum(z: Point, length: number): K {
  return sum(eqTable(z, Math.min(length, 2 ** z.length)).map((value, x) => multiply(value, k(x))));
}

/** A point of a tensor, cut into one part for each axis. */
export function splitPoint(axes: readonly number[], z: Point): Point[] {
  let position = 0;
  const parts = axes.map((length) => {
    position += bits(length);
    return z.slice(position - bits(length), position);
  });
  if (position !== z.length) throw new RangeError(`a point of ${z.length} coordinates for ${position}`);
  return parts;
}

/** real(axes, z): the extension of the indicator of real cells. */
export function real(axes: readonly number[], z: Point): K {
  return product(splitPoint(axes, z).map((part, axis) => prefix(part, axes[axis]!)));
}

/** T̃(z) of a tensor by its real cells, row-major: Σ value·eq(z, virtual index). */
export function evaluate(axes: readonly number[], values: readonly bigint[], z: Point): K {
  let weights: K[] = [ONE];
  for (const [axis, part] of splitPoint(axes, z).entries()) {
    const table = eqTable(part, axes[axis]!);
    weights = weights.flatMap((outer) => table.map((inner) => multiply(outer, inner)));
  }
  if (weights.length !== values.length) {
    throw new RangeError(`${values.length} values for ${weights.length} cells`);
  }
  let total = ZERO;
  for (const [cell, value] of values.entries()) total = add(total, multiply(weights[cell]!, k(value)));
  return total;
}
