/** dst[x] = Σ_r coefficient_r · M[r][x] for M over F. */
import { coordinate, LINE, scalarCoordinate, storeLine } from "./ext";
import { partial, reduceSmall } from "./field";

/** Rows that one sweep over the columns takes in: few enough for one line of each to stay in the first-level cache. */
const BLOCK_ROWS: u32 = 8;

export function combineRows(
  dst: usize, matrix: usize, stride: u32, rows: u32, coefficients: usize, count: u32,
): void {
  memory.fill(dst, 0, <usize>((count + 3) >> 2) << 6);
  const rowBytes = <usize>stride << 2;
  for (let r: u32 = 0; r < rows; r += BLOCK_ROWS) {
    addRows(dst, matrix, rowBytes, min(BLOCK_ROWS, rows - r), coefficients, count);
    matrix += rowBytes * BLOCK_ROWS;
    coefficients += BLOCK_ROWS * 16;
  }
}

/** dst[x] += the part of these rows. */
function addRows(dst: usize, matrix: usize, rowBytes: usize, rows: u32, coefficients: usize, count: u32): void {
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
    let scalar = coefficients;
    for (let r: u32 = 0; r < rows; r++) {
      const m = v128.load(row);
      const s0 = scalarCoordinate(scalar, 0);
      const s1 = scalarCoordinate(scalar, 1);
      const s2 = scalarCoordinate(scalar, 2);
      const s3 = scalarCoordinate(scalar, 3);
      lo0 = i64x2.add(lo0, partial(i64x2.extmul_low_i32x4_u(m, s0)));
      hi0 = i64x2.add(hi0, partial(i64x2.extmul_high_i32x4_u(m, s0)));
      lo1 = i64x2.add(lo1, partial(i64x2.extmul_low_i32x4_u(m, s1)));
      hi1 = i64x2.add(hi1, partial(i64x2.extmul_high_i32x4_u(m, s1)));
      lo2 = i64x2.add(lo2, partial(i64x2.extmul_low_i32x4_u(m, s2)));
      hi2 = i64x2.add(hi2, partial(i64x2.extmul_high_i32x4_u(m, s2)));
      lo3 = i64x2.add(lo3, partial(i64x2.extmul_low_i32x4_u(m, s3)));
      hi3 = i64x2.add(hi3, partial(i64x2.extmul_high_i32x4_u(m, s3)));
      row += rowBytes;
      scalar += 16;
    }
    storeLine(dst, reduceSmall(lo0, hi0), reduceSmall(lo1, hi1), reduceSmall(lo2, hi2), reduceSmall(lo3, hi3));
    matrix += 16;
    dst += LINE;
  }
}
