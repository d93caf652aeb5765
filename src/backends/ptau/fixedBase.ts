/**
 * Many multiples of one curve point. Scalars are cut into windows; for each window all sums take one step at once, so that
 * one inversion serves them all and a step costs six products.
 */
import type { PointField, Quadratic } from "./baseField.ts";
import { BASE_FIELD, QUADRATIC_FIELD } from "./baseField.ts";

export interface Point<F> {
  readonly x: F;
  readonly y: F;
}

export interface Group<F> {
  readonly field: PointField<F>;
  readonly generator: Point<F>;
}

const SCALAR_BITS = 254;

export const GROUP_1: Group<bigint> = { field: BASE_FIELD, generator: { x: 1n, y: 2n } };

/** The generator of EIP-197. */
export const GROUP_2: Group<Quadratic> = {
  field: QUADRATIC_FIELD,
  generator: {
    x: {
      a: 10857046999023057135944570762232829481370756359578518086990519993285655852781n,
      b: 11559732032986387107991004021392285783925812861821192530917403151452391805634n,
    },
    y: {
      a: 8495653923123431417604973247489272438418190587263600148770280649306958101930n,
      b: 4082367875863433681332203403145435568316851327593401208105741076214120093531n,
    },
  },
};

/** Sums of pairs, none of which are equal or opposite. */
function addPairs<F>(
  { add, subtract, multiply, inverse, one }: PointField<F>,
  pairs: readonly (readonly [Point<F>, Point<F>])[],
): Point<F>[] {
  // Montgomery's trick: products up to each difference, one inversion, and back.
  const before: F[] = [];
  let product = one;
  for (const [p, q] of pairs) {
    before.push(product);
    product = multiply(product, subtract(q.x, p.x));
  }
  let inverted = pairs.length === 0 ? one : inverse(product);
  const sums: Point<F>[] = new Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const [p, q] = pairs[i];
    const slope = multiply(subtract(q.y, p.y), multiply(inverted, before[i]));
    inverted = multiply(inverted, subtract(q.x, p.x));
    const x = subtract(multiply(slope, slope), add(p.x, q.x));
    sums[i] = { x, y: subtract(multiply(slope, subtract(p.x, x)), p.y) };
  }
  return sums;
}

function double<F>({ add, subtract, multiply, inverse }: PointField<F>, { x, y }: Point<F>): Point<F> {
  const square = multiply(x, x);
  const slope = multiply(add(square, add(square, square)), inverse(add(y, y)));
  const sum = subtract(multiply(slope, slope), add(x, x));
  return { x: sum, y: subtract(multiply(slope, subtract(x, sum)), y) };
}

/** Entry d is d times the point, for d from 1 below 2^bits; entry 0 is left empty. */
function windowTable<F>(field: PointField<F>, point: Point<F>, bits: number): Point<F>[] {
  const table: Point<F>[] = new Array(2 ** bits);
  table[1] = point;
  for (let half = 1; half < 2 ** (bits - 1); half *= 2) {
    // Multiples up to 2·half: one doubling, then the top one added to all below.
    const top = double(field, table[half]);
    table[2 * half] = top;
    const below = Array.from({ length: 2 * half - 1 }, (_, i) => [top, table[i + 1]] as const);
    addPairs(field, below).forEach((sum, i) => {
      table[2 * half + i + 1] = sum;
    });
  }
  return table;
}

/** Bits of a window that make table and sums together cheapest. */
function windowBits(count: number): number {
  let best = 1;
  const cost = (bits: number): number => Math.ceil(SCALAR_BITS / bits) * (count + 2 ** bits);
  for (let bits = 2; bits <= 13; bits++) if (cost(bits) < cost(best)) best = bits;
  return best;
}

/** scalars[i] times the generator, for residues other than 0. */
export function multiplesOf<F>({ field, generator }: Group<F>, scalars: readonly bigint[]): Point<F>[] {
  const bits = windowBits(scalars.length);
  const mask = (1n << BigInt(bits)) - 1n;
  const sums: (Point<F> | undefined)[] = new Array(scalars.length);
  let base = generator;
  for (let shift = 0; shift < SCALAR_BITS; shift += bits) {
    const table = windowTable(field, base, bits);
    const at: number[] = [];
    const pairs: (readonly [Point<F>, Point<F>])[] = [];
    scalars.forEach((scalar, i) => {
      const digit = Number((scalar >> BigInt(shift)) & mask);
      const sum = sums[i];
      if (digit === 0) return;
      if (sum === undefined) sums[i] = table[digit];
      else {
        at.push(i);
        pairs.push([sum, table[digit]]);
      }
    });
    addPairs(field, pairs).forEach((sum, i) => {
      sums[at[i]] = sum;
    });
    base = double(field, table[2 ** (bits - 1)]);
  }
  return sums.map((sum) => {
    if (sum === undefined) throw new RangeError("0 times a point has no coordinates");
    return sum;
  });
}
