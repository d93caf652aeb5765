/**
 * The circle and its code: docs/spec/05-code-commitment.md, 5.2 and 5.3. Values are computed by definition, without an FFT.
 */
import { add, type F, type K, p, residue, scale, ZERO } from "./field.ts";

export interface CirclePoint {
  readonly x: F;
  readonly y: F;
}

const GENERATOR: CirclePoint = { x: 2n, y: 1268011823n };
const NEUTRAL: CirclePoint = { x: 1n, y: 0n };

export function addPoints(a: CirclePoint, b: CirclePoint): CirclePoint {
  return { x: residue(a.x * b.x - a.y * b.y), y: residue(a.x * b.y + a.y * b.x) };
}

export function negatePoint(a: CirclePoint): CirclePoint {
  return { x: a.x, y: residue(-a.y) };
}

/** count · a */
export function multiplyPoint(a: CirclePoint, count: number): CirclePoint {
  let result = NEUTRAL;
  let doubled = a;
  for (let rest = count; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = addPoints(result, doubled);
    doubled = addPoints(doubled, doubled);
  }
  return result;
}

/** G_k, of order 2^k. */
export function standardPoint(k: number): CirclePoint {
  return multiplyPoint(GENERATOR, 2 ** (31 - k));
}

/** P_i of the domain of 2^h points. */
export function domainPoint(index: number, h: number): CirclePoint {
  let reversed = 0;
  let rest = Math.floor(index / 2);
  for (let bit = 0; bit < h - 1; bit++) {
    reversed = 2 * reversed + (rest % 2);
    rest = Math.floor(rest / 2);
  }
  const point = multiplyPoint(standardPoint(h + 1), 1 + 4 * reversed);
  return index % 2 === 1 ? negatePoint(point) : point;
}

/** b_0(P) … b_(count − 1)(P) */
export function basisAt(point: CirclePoint, count: number): F[] {
  const factors = [point.y];
  for (let x = point.x; 2 ** factors.length < count; x = residue(2n * x * x - 1n)) factors.push(x);
  const values: F[] = [1n];
  for (const factor of factors) values.push(...values.map((value) => (value * factor) % p));
  return values.slice(0, count);
}

/** The symbol at position `index` of the codeword with these coefficients over K. */
export function symbolAt(coefficients: readonly K[], index: number, h: number): K {
  const basis = basisAt(domainPoint(index, h), coefficients.length);
  let symbol = ZERO;
  for (const [j, coefficient] of coefficients.entries()) symbol = add(symbol, scale(coefficient, basis[j]!));
  return symbol;
}
