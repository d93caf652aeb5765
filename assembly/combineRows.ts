/** dst[x] = Σ_r coefficient_r · M[r][x] for M over F, four rows at a time: their products add up in 64 bits. */
import { coordinate, LINE, storeLine } from "./ext";
import { dotHigh, dotLow, partial, reduceSmall } from "./field";
import { scratch } from "./scratch";
import { addTile, packTile, splitCoefficients, TILE_COLUMNS, TILE_ROWS } from "./smallTile";

/** Behind what tiles of small integers use. */
const LAST_COEFFICIENTS_AT: usize = 8192;

/**
 * Sixteen rows and a tile of columns at a time: whatever the distance of the rows, a tile stays in the first-level cache,
 * and four partial sums and the old value stay below 2^36, as reduceSmall demands. Weights, activations and remainders are
 * small integers, for which products of limbs are several times faster.
 */
export function combineRows(
  dst: usize, matrix: usize, stride: u32, rows: u32, coefficients: usize, count: u32,
): void {
  memory.fill(dst, 0, <usize>((count + 3) >> 2) << 6);
  const rowBytes = <usize>stride << 2;
  for (let left = rows; left > 0; ) {
    const size = min(TILE_ROWS, left);
    // Three rows or less are not worth the splitting.
    const mayBeSmall = size > 3;
    if (mayBeSmall) splitCoefficients(coefficients, size);
    for (let x: u32 = 0; x < count; x += TILE_COLUMNS) {
      const columns = min(TILE_COLUMNS, count - x);
      const to = dst + (<usize>x << 4);
      const from = matrix + (<usize>x << 2);
      if (mayBeSmall && packTile(from, rowBytes, size, columns)) addTile(to, size, columns);
      else addAnyRows(to, from, rowBytes, size, coefficients, columns);
    }
    matrix += rowBytes * size;
    coefficients += <usize>size << 4;
    left -= size;
  }
}

function addAnyRows(
  dst: usize, matrix: usize, rowBytes: usize, rows: u32, coefficients: usize, count: u32,
): void {
  const fours = rows & ~3;
  if (fours > 0) addRows(dst, matrix, rowBytes, rowBytes << 1, rowBytes * 3, fours, coefficients, count);
  const left = rows - fours;
  if (left == 0) return;
  // Missing rows: the first one again, with coefficient zero.
  const padded = scratch() + LAST_COEFFICIENTS_AT;
  memory.copy(padded, coefficients + (<usize>fours << 4), <usize>left << 4);
  memory.fill(padded + (<usize>left << 4), 0, <usize>(4 - left) << 4);
  addRows(dst, matrix + rowBytes * fours, left > 1 ? rowBytes : 0, left > 2 ? rowBytes << 1 : 0, 0, 4, padded, count);
}

/** dst[x] += the part of `rows` rows, a multiple of four; in each four, the others lie these distances behind the first. */
function addRows(
  dst: usize, matrix: usize, second: usize, third: usize, fourth: usize, rows: u32, coefficients: usize, count: u32,
): void {
  const fourRows = second << 2;
  for (let x: u32 = 0; x < count; x += 4) {
    let lo0 = i64x2.extend_low_i32x4_u(coordinate(dst, 0));
    let hi0 = i64x2.extend_high_i32x4_u(coordinate(dst, 0));
    let lo1 = i64x2.extend_low_i32x4_u(coordinate(dst, 1));
    let hi1 = i64x2.extend_high_i32x4_u(coordinate(dst, 1));
    let lo2 = i64x2.extend_low_i32x4_u(coordinate(dst, 2));
    let hi2 = i64x2.extend_high_i32x4_u(coordinate(dst, 2));
    let lo3 = i64x2.extend_low_i32x4_u(coordinate(dst, 3));
    let hi3 = i64x2.extend_high_i32x4_u(coordinate(dst, 3));
    let row = matrix;
    let s = coefficients;
    for (let r: u32 = 0; r < rows; r += 4) {
      const a = v128.load(row);
      const b = v128.load(row + second);
      const c = v128.load(row + third);
      const d = v128.load(row + fourth);
      const s00 = v128.load_splat<u32>(s, 0);
      const s01 = v128.load_splat<u32>(s, 16);
      const s02 = v128.load_splat<u32>(s, 32);
      const s03 = v128.load_splat<u32>(s, 48);
      lo0 = i64x2.add(lo0, partial(dotLow(a, s00, b, s01, c, s02, d, s03)));
      hi0 = i64x2.add(hi0, partial(dotHigh(a, s00, b, s01, c, s02, d, s03)));
      const s10 = v128.load_splat<u32>(s, 4);
      const s11 = v128.load_splat<u32>(s, 20);
      const s12 = v128.load_splat<u32>(s, 36);
      const s13 = v128.load_splat<u32>(s, 52);
      lo1 = i64x2.add(lo1, partial(dotLow(a, s10, b, s11, c, s12, d, s13)));
      hi1 = i64x2.add(hi1, partial(dotHigh(a, s10, b, s11, c, s12, d, s13)));
      const s20 = v128.load_splat<u32>(s, 8);
      const s21 = v128.load_splat<u32>(s, 24);
      const s22 = v128.load_splat<u32>(s, 40);
      const s23 = v128.load_splat<u32>(s, 56);
      lo2 = i64x2.add(lo2, partial(dotLow(a, s20, b, s21, c, s22, d, s23)));
      hi2 = i64x2.add(hi2, partial(dotHigh(a, s20, b, s21, c, s22, d, s23)));
      const s30 = v128.load_splat<u32>(s, 12);
      const s31 = v128.load_splat<u32>(s, 28);
      const s32 = v128.load_splat<u32>(s, 44);
      const s33 = v128.load_splat<u32>(s, 60);
      lo3 = i64x2.add(lo3, partial(dotLow(a, s30, b, s31, c, s32, d, s33)));
      hi3 = i64x2.add(hi3, partial(dotHigh(a, s30, b, s31, c, s32, d, s33)));
      row += fourRows;
      s += 64;
    }
    storeLine(dst, reduceSmall(lo0, hi0), reduceSmall(lo1, hi1), reduceSmall(lo2, hi2), reduceSmall(lo3, hi3));
    matrix += 16;
    dst += LINE;
  }
}
