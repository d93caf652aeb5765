/**
 * Encoding with the circle code: coefficients of a function on the circle, evaluated at the domain's n = 2^logN points (or
 * at some of them). The domain's order is the one in which the FFT, which splits by the most significant coefficient bit
 * first, leaves the values.
 */
import { EXT_WORDS } from "../field/ext.ts";
import { allCanonical, dotBase, type ExtVector, makeExtVector, setExt } from "../field/extVector.ts";
import { add, mul, P, sub } from "../field/m31.ts";
import { basisValues, checkLogN, domainPoints, doubleX, pointOfOrder } from "./circleGroup.ts";

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
  const values = paddedWords(coefficients, 1, logN);
  if (twiddles.length !== 2 ** logN) {
    throw new RangeError(`twiddles: expected ${2 ** logN} words, got ${twiddles.length}`);
  }
  splitLayers(values, coefficients.length, logN, twiddles);
  return new Uint32Array(values.buffer);
}

/**
 * Values at some positions, in their order, of the codeword of coefficients in K: the verifier's part of the encoding. The
 * FFT stops at about as many blocks as there are positions; the rest of a block is evaluated by the definition.
 */
export function circleEncodeExtAt(
  coefficients: Uint32Array,
  logN: number,
  positions: readonly number[],
): ExtVector {
  const points = domainPoints(logN, positions);
  const numLayers = Math.min(logN, 31 - Math.clz32(positions.length + 1));
  // The constants of the first layers are those of a smaller domain, except that its last layer has no like here.
  const twiddles = circleTwiddles(Math.min(numLayers + 1, logN));
  const values = paddedWords(coefficients, EXT_WORDS, logN);
  splitLayers(values, coefficients.length, numLayers, twiddles);
  const size = 2 ** (logN - numLayers);
  const blocks = new Uint32Array(values.buffer);
  const result = makeExtVector(positions.length);
  positions.forEach((position, i) => {
    const block = blocks.subarray(EXT_WORDS * size * Math.floor(position / size));
    setExt(result, i, dotBase(basisValues(size, points[i]), block));
  });
  return result;
}

/** Coefficients of `lanes` consecutive words, with zeros for those that are missing. */
function paddedWords(coefficients: Uint32Array, lanes: number, logN: number): Int32Array {
  checkLogN(logN);
  const numWords = lanes * 2 ** logN;
  if (coefficients.length > numWords || coefficients.length % lanes !== 0) {
    throw new RangeError(
      `coefficient words: expected at most ${numWords} in groups of ${lanes}, got ${coefficients.length}`,
    );
  }
  if (!allCanonical(coefficients)) throw new RangeError(`coefficients: expected words below ${P}`);
  const values = new Int32Array(numWords);
  values.set(coefficients);
  return values;
}

/**
 * The first layers of the FFT, on values of which only the first `used` words are not zero. The constants lie in F, so that
 * it is the same for coefficients of any number of words: their coordinates never mix.
 */
function splitLayers(values: Int32Array, used: number, numLayers: number, twiddles: Uint32Array): void {
  for (let layer = 0; layer < numLayers; layer++) {
    const blocks = 2 ** layer;
    const size = values.length / blocks;
    const half = size / 2;
    // Beyond the first `live` words of every block there are still only zeros.
    const live = Math.min(used, size);
    const paired = Math.max(0, live - half);
    for (let block = 0; block < blocks; block++) {
      const low = block * size;
      splitBlock(values, low, low + half, paired, Math.min(live, half), twiddles[blocks + block]);
    }
  }
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
  if (paired < live) values.copyWithin(high + paired, low + paired, low + live);
}
