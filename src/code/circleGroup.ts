/**
 * The circle x² + y² = 1 over F = F_p, p = 2^31 − 1: the domain and the basis of the circle code. Haböck, Levit, Papini,
 * "Circle STARKs" (eprint 2024/278), sections 3 and 4.
 *
 * Basis: b_j(P) = y^j₀ · x^j₁ · π(x)^j₂ · π(π(x))^j₃ …, π(x) = 2x² − 1, j₀ the least significant bit of j.
 * Domain of size n = 2^logN, points of order exactly 2n: index i names the point ±(1 + 4·r)·G, where r is i >> 1 with its
 * logN − 1 bits reversed, G the standard generator of the subgroup of order 2n, and the sign is minus when i is odd.
 */
import { add, mul, neg, sub } from "../field/m31.ts";

export interface CirclePoint {
  readonly x: number;
  readonly y: number;
}

/** The circle group over F_p has p + 1 = 2^31 elements and is cyclic. */
const LOG_ORDER = 31;
/** Domains need points of order 2n, so n ≤ 2^30. */
export const MAX_LOG_N = 30;
/** A generator of the whole group (the tests check its order). */
export const GENERATOR: CirclePoint = { x: 2, y: 1268011823 };

/** The group law, addition of angles. */
export function addPoints(a: CirclePoint, b: CirclePoint): CirclePoint {
  return { x: sub(mul(a.x, b.x), mul(a.y, b.y)), y: add(mul(a.x, b.y), mul(a.y, b.x)) };
}

/** The map on x-coordinates that doubling a point induces. */
export function doubleX(x: number): number {
  const square = mul(x, x);
  return sub(add(square, square), 1);
}

/** The standard point of order 2^logOrder: the generator, doubled. */
export function pointOfOrder(logOrder: number): CirclePoint {
  let point = GENERATOR;
  for (let k = logOrder; k < LOG_ORDER; k++) point = addPoints(point, point);
  return point;
}

/** The point at `index` of the domain of size 2^logN. */
export function domainPoint(logN: number, index: number): CirclePoint {
  return domainPoints(logN, [index])[0];
}

export function domainPoints(logN: number, indices: readonly number[]): CirclePoint[] {
  checkLogN(logN);
  const base = pointOfOrder(logN + 1);
  // Index bit logN − 1 has the smallest weight, 4; each bit below doubles it.
  const steps: CirclePoint[] = [];
  let step = addPoints(base, base);
  for (let bit = logN - 1; bit >= 1; bit--) {
    step = addPoints(step, step);
    steps[bit] = step;
  }
  return indices.map((index) => {
    if (!Number.isInteger(index) || index < 0 || index >= 2 ** logN) {
      throw new RangeError(`domain index: expected 0 … ${2 ** logN - 1}, got ${index}`);
    }
    let point = base;
    for (let bit = 1; bit < logN; bit++) if ((index >>> bit) & 1) point = addPoints(point, steps[bit]);
    return index & 1 ? { x: point.x, y: neg(point.y) } : point;
  });
}

/** b_0 … b_(size − 1) at a point, size a power of two. */
export function basisValues(size: number, point: CirclePoint): Uint32Array {
  const values = new Uint32Array(size);
  values[0] = 1;
  let { x, y: factor } = point;
  for (let known = 1; known < size; known *= 2) {
    for (let j = 0; j < known; j++) values[known + j] = mul(values[j], factor);
    factor = x;
    x = doubleX(x);
  }
  return values;
}

export function checkLogN(logN: number): void {
  if (!Number.isInteger(logN) || logN < 0 || logN > MAX_LOG_N) {
    throw new RangeError(`logN: expected 0 … ${MAX_LOG_N}, got ${logN}`);
  }
}
