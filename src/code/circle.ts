/**
 * The circle code over F = F_p, p = 2^31 − 1: coefficients of a function on the circle x² + y² = 1, evaluated at the
 * n = 2^logN points of order exactly 2n. Haböck, Levit, Papini, "Circle STARKs" (eprint 2024/278), sections 3 and 4.
 *
 * Basis: b_j(P) = y^j₀ · x^j₁ · π(x)^j₂ · π(π(x))^j₃ …, π(x) = 2x² − 1, j₀ the least significant bit of j.
 * Domain order: index i names the point ±(1 + 4·r)·G, where r is i >> 1 with its logN − 1 bits reversed, G the standard
 * generator of the subgroup of order 2n, and the sign is minus when i is odd. It is the order in which the FFT below,
 * which splits by the most significant coefficient bit first, leaves the values.
 */
import { add, isCanonical, mul, neg, P, sub } from "../field/m31.ts";

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
function doubleX(x: number): number {
  const square = mul(x, x);
  return sub(add(square, square), 1);
}

/** The standard point of order 2^logOrder: the generator, doubled. */
function pointOfOrder(logOrder: number): CirclePoint {
  let point = GENERATOR;
  for (let k = logOrder; k < LOG_ORDER; k++) point = addPoints(point, point);
  return point;
}

/** The point at `index` of the domain of size 2^logN. */
export function domainPoint(logN: number, index: number): CirclePoint {
  checkLogN(logN);
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** logN) {
    throw new RangeError(`domain index: expected 0 … ${2 ** logN - 1}, got ${index}`);
  }
  let step = pointOfOrder(logN + 1);
  let point = step;
  step = addPoints(addPoints(step, step), addPoints(step, step));
  // Index bit logN − 1 has the smallest weight, 4; each bit below doubles it.
  for (let bit = logN - 1; bit >= 1; bit--) {
    if ((index >>> bit) & 1) point = addPoints(point, step);
    step = addPoints(step, step);
  }
  return index & 1 ? { x: point.x, y: neg(point.y) } : point;
}

/** b_j at a point, by the definition. */
export function basisValue(j: number, point: CirclePoint): number {
  let value = j % 2 === 1 ? point.y : 1;
  let x = point.x;
  for (let rest = Math.floor(j / 2); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) value = mul(value, x);
    x = doubleX(x);
  }
  return value;
}

/**
 * The FFT's constants for one domain size, n words. Layer l (0 ≤ l < logN) has 2^l blocks; block b multiplies by word
 * 2^l + b: the y of its points in the last layer, π^(logN − 2 − l)(x) in the others. Word 0 is unused.
 */
export function circleTwiddles(logN: number): Uint32Array {
  checkLogN(logN);
  const n = 2 ** logN;
  const table = new Uint32Array(n);
  if (logN === 0) return table;
  const half = n / 2;
  const xs = new Uint32Array(half);
  const ys = table.subarray(half);
  const base = pointOfOrder(logN + 1);
  xs[0] = base.x;
  ys[0] = base.y;
  // Points of even domain index, one per block of the last layer: bit k of the block number, reversed, has weight
  // 4 · 2^(logN − 2 − k) in multiples of the base point, which is the point of order 2^(k + 1).
  for (let k = 0; k < logN - 1; k++) {
    const shift = pointOfOrder(k + 1);
    const known = 2 ** k;
    for (let b = 0; b < known; b++) {
      xs[known + b] = sub(mul(xs[b], shift.x), mul(ys[b], shift.y));
      ys[known + b] = add(mul(xs[b], shift.y), mul(ys[b], shift.x));
    }
  }
  for (let b = 0; b < half / 2; b++) table[half / 2 + b] = xs[2 * b];
  for (let blocks = half / 4; blocks >= 1; blocks /= 2) {
    for (let b = 0; b < blocks; b++) table[blocks + b] = doubleX(table[2 * blocks + 2 * b]);
  }
  return table;
}

/**
 * Evaluates on the whole domain the function with these coefficients (at most n words, canonical; missing ones are 0).
 * `twiddles`: the table for logN, if the caller has it already.
 */
export function circleEncode(
  coefficients: Uint32Array,
  logN: number,
  twiddles: Uint32Array = circleTwiddles(logN),
): Uint32Array {
  return encodeLanes(coefficients, 1, logN, twiddles);
}

/** The same for coefficients and values in K, 4 consecutive words per element. */
export function circleEncodeExt(
  coefficients: Uint32Array,
  logN: number,
  twiddles: Uint32Array = circleTwiddles(logN),
): Uint32Array {
  return encodeLanes(coefficients, 4, logN, twiddles);
}

/** The FFT over vectors of `lanes` consecutive words; the constants lie in F, so lanes never mix. */
function encodeLanes(
  coefficients: Uint32Array,
  lanes: number,
  logN: number,
  twiddles: Uint32Array,
): Uint32Array {
  checkLogN(logN);
  const numWords = lanes * 2 ** logN;
  if (coefficients.length > numWords || coefficients.length % lanes !== 0) {
    throw new RangeError(
      `coefficient words: expected at most ${numWords} in groups of ${lanes}, got ${coefficients.length}`,
    );
  }
  if (twiddles.length !== 2 ** logN) {
    throw new RangeError(`twiddles: expected ${2 ** logN} words, got ${twiddles.length}`);
  }
  if (!coefficients.every(isCanonical)) throw new RangeError(`coefficients: expected words below ${P}`);
  const values = new Int32Array(numWords);
  values.set(coefficients);
  for (let layer = 0; layer < logN; layer++) {
    const blocks = 2 ** layer;
    const size = numWords / blocks;
    const half = size / 2;
    // Beyond the first `live` words of every block there are still only zeros.
    const live = Math.min(coefficients.length, size);
    const paired = Math.max(0, live - half);
    for (let block = 0; block < blocks; block++) {
      const low = block * size;
      splitBlock(values, low, low + half, paired, Math.min(live, half), twiddles[blocks + block]);
    }
  }
  return new Uint32Array(values.buffer);
}

/** Slightly less than 1/p, so that the quotients below are never too large. */
const BELOW_INVERSE_P: number = (1 - 2 ** -50) / P;

/**
 * (a, b) becomes (a + t·b, a − t·b) in the first `paired` words, and (a, 0) becomes (a, a) in the rest up to `live`.
 * The field operations are written out in 32-bit integers: the engine then never leaves them, which halves the time.
 */
function splitBlock(
  values: Int32Array,
  low: number,
  high: number,
  paired: number,
  live: number,
  twiddle: number,
): void {
  const ratio = twiddle * BELOW_INVERSE_P;
  for (let j = 0; j < paired; j++) {
    const a = values[low + j];
    const b = values[high + j];
    // The quotient is floor(b·t/p) or one less, so the remainder lies in [0, 2p); P·q = (q << 31) − q.
    const q = (b * ratio) | 0;
    let product = (Math.imul(b, twiddle) - (q << 31) + q - P) | 0;
    product += P & (product >> 31);
    const sum = (a + product - P) | 0;
    const difference = (a - product) | 0;
    values[low + j] = sum + (P & (sum >> 31));
    values[high + j] = difference + (P & (difference >> 31));
  }
  values.copyWithin(high + paired, low + paired, low + live);
}

function checkLogN(logN: number): void {
  if (!Number.isInteger(logN) || logN < 0 || logN > MAX_LOG_N) {
    throw new RangeError(`logN: expected 0 … ${MAX_LOG_N}, got ${logN}`);
  }
}
