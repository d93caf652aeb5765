/**
 * gkrRound where eq is a product of two small tables, eq[x] = high[x / lowLength]·low[x mod lowLength]: `low` stays in the
 * first-level cache, and its sums are weighted with `high` once for each block of lowLength indices.
 */
import { P } from "./field";
import { LINE } from "./ext";
import { gkrRound } from "./gkrRound";
import { extFold } from "./scale";
import { scratch } from "./scratch";

/** Behind what gkrRound uses. */
const SUMS_AT: usize = 1024;
/** Indices that are folded and then summed while the first-level cache still has them. */
const FOLD_INDICES: u32 = 128;

/** out[0..4), out[4..8) += the sums; high: scalars, those of the blocks of this range; a, b, c, d: `distance` bytes per half. */
export function fractionRound(
  out: usize, high: usize, low: usize, lowLength: u32,
  a: usize, b: usize, c: usize, d: usize, distance: usize,
  count: u32,
): void {
  const sums = scratch() + SUMS_AT;
  for (let first: u32 = 0; first < count; first += lowLength) {
    const length = min(lowLength, count - first);
    memory.fill(sums, 0, 32);
    gkrRound(sums, low, a, a + distance, b, b + distance, c, c + distance, d, d + distance, length);
    addWeighted(out, high, sums);
    addWeighted(out + 16, high, sums + 16);
    high += 16;
    const step = <usize>(length >> 2) * LINE;
    a += step;
    b += step;
    c += step;
    d += step;
  }
}

/** The same after folding a, b, c, d in place with r: they have four quarters of `distance` bytes, then two. */
export function fractionFoldRound(
  out: usize, high: usize, low: usize, lowLength: u32,
  a: usize, b: usize, c: usize, d: usize, distance: usize, r: usize,
  count: u32,
): void {
  const sums = scratch() + SUMS_AT;
  for (let first: u32 = 0; first < count; first += lowLength) {
    const end = min(lowLength, count - first);
    memory.fill(sums, 0, 32);
    let eq = low;
    for (let x: u32 = 0; x < end; x += FOLD_INDICES) {
      const length = min(FOLD_INDICES, end - x);
      foldQuarters(a, distance, r, length);
      foldQuarters(b, distance, r, length);
      foldQuarters(c, distance, r, length);
      foldQuarters(d, distance, r, length);
      gkrRound(sums, eq, a, a + distance, b, b + distance, c, c + distance, d, d + distance, length);
      const step = <usize>(length >> 2) * LINE;
      a += step;
      b += step;
      c += step;
      d += step;
      eq += step;
    }
    addWeighted(out, high, sums);
    addWeighted(out + 16, high, sums + 16);
    high += 16;
  }
}

// @ts-ignore: decorator
@inline
function foldQuarters(table: usize, distance: usize, r: usize, length: u32): void {
  extFold(table, table, table + 2 * distance, r, length);
  extFold(table + distance, table + distance, table + 3 * distance, r, length);
}

/** out += s·t, scalars of K; the product as in ext.ts. */
function addWeighted(out: usize, s: usize, t: usize): void {
  const a0 = <u64>load<u32>(s, 0);
  const a1 = <u64>load<u32>(s, 4);
  const a2 = <u64>load<u32>(s, 8);
  const a3 = <u64>load<u32>(s, 12);
  const p = <u64>P;
  const b0 = <u64>load<u32>(t, 0);
  const b1 = <u64>load<u32>(t, 4);
  const b2 = <u64>load<u32>(t, 8);
  const b3 = <u64>load<u32>(t, 12);
  const d2 = (2 * b2 + p - b3) % p;
  const d3 = (b2 + 2 * b3) % p;
  addTo(out, a0 * b0 + a1 * (p - b1) + a2 * d2 + a3 * (p - d3));
  addTo(out + 4, a0 * b1 + a1 * b0 + a2 * d3 + a3 * d2);
  addTo(out + 8, a0 * b2 + a1 * (p - b3) + a2 * b0 + a3 * (p - b1));
  addTo(out + 12, a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0);
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, product: u64): void {
  store<u32>(at, <u32>((load<u32>(at) + (product % <u64>P)) % <u64>P));
}
