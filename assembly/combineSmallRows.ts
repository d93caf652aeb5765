/**
 * dst[x] = Σ_r coefficient_r · M[r][x] for M of small 16-bit integers. Each coordinate of a coefficient is split into two
 * signed 16-bit limbs; two neighbouring rows are interleaved, and i32x4.dot_i16x8_s then does four times two products.
 */
import { add, P, splatP, wrap } from "./field";
import { scratch } from "./scratch";

/**
 * Rows that are added up in 32 bits: 32 · 2047 · 2^15 < 2^31, where 2047 bounds the entries and 2^15 the limbs.
 */
const BLOCK_ROWS: u32 = 32;
const BLOCK_PAIRS: u32 = 16;
/** Columns of one tile: 16 row pairs of them, interleaved, are 4 KiB. */
const TILE_COLUMNS: u32 = 64;
const PAIR_BYTES: usize = 256;

/** Scratch: the limbs, [coordinate][pair][limb] vectors, then the tile, [pair][column] pairs of i16. */
const LIMB_BYTES: usize = 32;
const COORDINATE_BYTES: usize = 512;
const ALL_LIMBS_BYTES: usize = 2048;

export function combineSmallRows(
  dst: usize, matrix: usize, stride: u32, rows: u32, coefficients: usize, count: u32,
): void {
  memory.fill(dst, 0, <usize>((count + 3) >> 2) << 6);
  const rowBytes = <usize>stride << 1;
  for (let r: u32 = 0; r < rows; r += BLOCK_ROWS) {
    const size = min(BLOCK_ROWS, rows - r);
    splitCoefficients(coefficients, size);
    for (let x: u32 = 0; x < count; x += TILE_COLUMNS) {
      addTile(dst + (<usize>x << 4), matrix + (<usize>x << 1), rowBytes, size, min(TILE_COLUMNS, count - x));
    }
    matrix += rowBytes * BLOCK_ROWS;
    coefficients += BLOCK_ROWS * 16;
  }
}

function splitCoefficients(coefficients: usize, rows: u32): void {
  const pairs = (rows + 1) >> 1;
  for (let pair: u32 = 0; pair < pairs; pair++) {
    const even = coefficients + (pair << 5);
    const hasOdd = (pair << 1) + 1 < rows;
    for (let c: u32 = 0; c < 4; c++) {
      const first = balanced(load<u32>(even + (c << 2)));
      const second = hasOdd ? balanced(load<u32>(even + 16 + (c << 2))) : 0;
      const at = scratch() + COORDINATE_BYTES * c + LIMB_BYTES * pair;
      v128.store(at, i32x4.splat((lowLimb(first) & 0xffff) | (lowLimb(second) << 16)));
      v128.store(at, i32x4.splat((highLimb(first) & 0xffff) | (highLimb(second) << 16)), 16);
    }
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

function addTile(dst: usize, matrix: usize, rowBytes: usize, rows: u32, columns: u32): void {
  let tile = scratch() + ALL_LIMBS_BYTES;
  const pairs = (rows + 1) >> 1;
  const groups = (columns + 15) >> 4;
  for (let pair: u32 = 0; pair < pairs; pair++) {
    const even = matrix + rowBytes * (pair << 1);
    // The limbs of a missing row are zero, so any row will do in its place.
    const odd = (pair << 1) + 1 < rows ? even + rowBytes : even;
    interleaveRows(tile + PAIR_BYTES * pair, even, odd, groups);
  }
  for (let group: u32 = 0; group < groups; group++) {
    const lines = min(<u32>4, (columns - 16 * group + 3) >> 2);
    for (let c: u32 = 0; c < 4; c++) {
      addColumns(dst + (c << 4), tile, scratch() + COORDINATE_BYTES * c, pairs, lines);
    }
    dst += 256;
    tile += 64;
  }
}

function interleaveRows(dst: usize, even: usize, odd: usize, groups: u32): void {
  for (let k: u32 = 0; k < 2 * groups; k++) {
    const a = v128.load(even);
    const b = v128.load(odd);
    v128.store(dst, v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11), 0);
    v128.store(dst, v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    dst += 32;
    even += 16;
    odd += 16;
  }
}

/** Adds one coordinate of sixteen columns to the first `lines` lines from dst. */
function addColumns(dst: usize, tile: usize, limbs: usize, pairs: u32, lines: u32): void {
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
  addLimbs(dst, low0, high0);
  if (lines > 1) addLimbs(dst + 64, low1, high1);
  if (lines > 2) addLimbs(dst + 128, low2, high2);
  if (lines > 3) addLimbs(dst + 192, low3, high3);
}

/** dst += low + 2^16·high. */
// @ts-ignore: decorator
@inline
function addLimbs(dst: usize, low: v128, high: v128): void {
  const h = residue(high);
  // Multiplication by 2^16 rotates 31-bit words.
  const shifted = v128.or(v128.and(i32x4.shl(h, 16), splatP()), i32x4.shr_u(h, 15));
  v128.store(dst, wrap(add(v128.load(dst), add(residue(low), shifted))));
}

/** A signed number above −2^31 → loose. */
// @ts-ignore: decorator
@inline
function residue(x: v128): v128 {
  return i32x4.add(x, v128.and(splatP(), i32x4.shr_s(x, 31)));
}
