/**
 * Combinations of up to sixteen rows of small integers, on a tile of columns. Each coordinate of a coefficient is split into
 * two signed 16-bit limbs; two neighbouring rows are interleaved, and i32x4.dot_i16x8_s then does four times two products.
 *
 * Entries are taken plus OFFSET, which makes those of [−OFFSET, OFFSET) 12-bit numbers: sixteen products with limbs of at
 * most 2^15 stay below 2^31. What the offset adds to a column, OFFSET · Σ coefficients, is taken off again.
 */
import { add, P, splatP, wrap } from "./field";
import { scratch } from "./scratch";

export const TILE_ROWS: u32 = 16;
export const TILE_COLUMNS: u32 = 64;
const OFFSET: u32 = 2048;

/** Scratch: the limbs, [coordinate][pair][limb] vectors, the offsets of the coordinates, the tile, [pair][column] pairs. */
const LIMB_BYTES: usize = 32;
const COORDINATE_BYTES: usize = 256;
const OFFSETS_AT: usize = 1024;
const TILE_AT: usize = 2048;
const PAIR_BYTES: usize = 256;

/** Prepares the coefficients of `rows` ≤ TILE_ROWS rows. */
export function splitCoefficients(coefficients: usize, rows: u32): void {
  const pairs = (rows + 1) >> 1;
  for (let c: u32 = 0; c < 4; c++) {
    let sum: u64 = 0;
    for (let pair: u32 = 0; pair < pairs; pair++) {
      const even = coefficients + (pair << 5) + (c << 2);
      const hasOdd = (pair << 1) + 1 < rows;
      const a = load<u32>(even);
      const b = hasOdd ? load<u32>(even, 16) : 0;
      sum += <u64>a + <u64>b;
      const first = balanced(a);
      const second = balanced(b);
      const at = scratch() + COORDINATE_BYTES * c + LIMB_BYTES * pair;
      v128.store(at, i32x4.splat((lowLimb(first) & 0xffff) | (lowLimb(second) << 16)));
      v128.store(at, i32x4.splat((highLimb(first) & 0xffff) | (highLimb(second) << 16)), 16);
    }
    const offset = <u32>((sum * OFFSET) % P);
    v128.store(scratch() + OFFSETS_AT + (c << 4), i32x4.splat(offset == 0 ? 0 : P - offset));
  }
}

/** The representative whose limbs both fit: the high limb of p − 1 would be 2^15. */
// @ts-ignore: decorator
@inline
function balanced(value: u32): i32 {
  return value >= 0x7fff8000 ? <i32>(value - P) : <i32>value;
}

// @ts-ignore: decorator
@inline
function lowLimb(value: i32): i32 {
  return (value << 16) >> 16;
}

// @ts-ignore: decorator
@inline
function highLimb(value: i32): i32 {
  return (value - lowLimb(value)) >> 16;
}

/** Takes in a tile, unless an entry is not small: then the result is false, and nothing may follow. */
export function packTile(matrix: usize, rowBytes: usize, rows: u32, columns: u32): bool {
  const lines = (columns + 3) >> 2;
  let tile = scratch() + TILE_AT;
  for (let row: u32 = 0; row < rows; row += 2) {
    // The limbs of a missing row are zero, so any row will do in its place.
    if (!packPair(tile, matrix, row + 1 < rows ? matrix + rowBytes : matrix, lines)) return false;
    matrix += rowBytes << 1;
    tile += PAIR_BYTES;
  }
  return true;
}

function packPair(dst: usize, even: usize, odd: usize, lines: u32): bool {
  const offset = i32x4.splat(OFFSET);
  let seen = i32x4.splat(0);
  for (let line: u32 = 0; line < lines; line++) {
    const a = wrap(i32x4.add(v128.load(even), offset));
    const b = wrap(i32x4.add(v128.load(odd), offset));
    seen = v128.or(seen, v128.or(a, b));
    v128.store(dst, v128.or(a, i32x4.shl(b, 16)));
    dst += 16;
    even += 16;
    odd += 16;
  }
  return !v128.any_true(v128.and(seen, i32x4.splat(~(2 * OFFSET - 1))));
}

/** dst[x] += Σ_r coefficient_r · tile[r][x]. */
export function addTile(dst: usize, rows: u32, columns: u32): void {
  const pairs = (rows + 1) >> 1;
  const groups = (columns + 15) >> 4;
  let tile = scratch() + TILE_AT;
  for (let group: u32 = 0; group < groups; group++) {
    const lines = min(<u32>4, (columns - 16 * group + 3) >> 2);
    for (let c: u32 = 0; c < 4; c++) addColumns(dst + (c << 4), tile, c, pairs, lines);
    dst += 256;
    tile += 64;
  }
}

/** Adds one coordinate of sixteen columns to the first `lines` lines from dst. */
function addColumns(dst: usize, tile: usize, c: u32, pairs: u32, lines: u32): void {
  let limbs = scratch() + COORDINATE_BYTES * c;
  const offset = v128.load(scratch() + OFFSETS_AT + (c << 4));
  let low0 = i32x4.splat(0);
  let low1 = i32x4.splat(0);
  let low2 = i32x4.splat(0);
  let low3 = i32x4.splat(0);
  let high0 = i32x4.splat(0);
  let high1 = i32x4.splat(0);
  let high2 = i32x4.splat(0);
  let high3 = i32x4.splat(0);
  for (let pair: u32 = 0; pair < pairs; pair++) {
    const low = v128.load(limbs, 0);
    const high = v128.load(limbs, 16);
    const m0 = v128.load(tile, 0);
    const m1 = v128.load(tile, 16);
    const m2 = v128.load(tile, 32);
    const m3 = v128.load(tile, 48);
    low0 = i32x4.add(low0, i32x4.dot_i16x8_s(m0, low));
    high0 = i32x4.add(high0, i32x4.dot_i16x8_s(m0, high));
    low1 = i32x4.add(low1, i32x4.dot_i16x8_s(m1, low));
    high1 = i32x4.add(high1, i32x4.dot_i16x8_s(m1, high));
    low2 = i32x4.add(low2, i32x4.dot_i16x8_s(m2, low));
    high2 = i32x4.add(high2, i32x4.dot_i16x8_s(m2, high));
    low3 = i32x4.add(low3, i32x4.dot_i16x8_s(m3, low));
    high3 = i32x4.add(high3, i32x4.dot_i16x8_s(m3, high));
    tile += PAIR_BYTES;
    limbs += LIMB_BYTES;
  }
  addLimbs(dst, low0, high0, offset);
  if (lines > 1) addLimbs(dst + 64, low1, high1, offset);
  if (lines > 2) addLimbs(dst + 128, low2, high2, offset);
  if (lines > 3) addLimbs(dst + 192, low3, high3, offset);
}

/** dst += low + 2^16·high + offset. */
// @ts-ignore: decorator
@inline
function addLimbs(dst: usize, low: v128, high: v128, offset: v128): void {
  const h = residue(high);
  // Multiplication by 2^16 rotates 31-bit words.
  const shifted = v128.or(v128.and(i32x4.shl(h, 16), splatP()), i32x4.shr_u(h, 15));
  v128.store(dst, wrap(add(add(v128.load(dst), offset), add(residue(low), shifted))));
}

/** A signed number above −2^31 → loose. */
// @ts-ignore: decorator
@inline
function residue(x: v128): v128 {
  return i32x4.add(x, v128.and(splatP(), i32x4.shr_s(x, 31)));
}
