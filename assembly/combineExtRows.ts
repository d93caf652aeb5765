/** dst[x] = Σ_r coefficient_r · M[r][x] for M over K, every row whole lines. */
import { coordinate, LINE, scalarCoordinate, storeLine, twistImaginary, twistReal } from "./ext";
import { dotHigh, dotLow, neg, partial, reduce } from "./field";

/** Sums of `partial` values have room for far more rows than a memory holds. */
export function combineExtRows(
  dst: usize, matrix: usize, stride: u32, rows: u32, coefficients: usize, count: u32,
): void {
  // stride elements of 16 bytes each.
  const rowBytes = <usize>stride << 4;
  for (let x: u32 = 0; x < count; x += 4) {
    combineLines(dst, matrix, rowBytes, rows, coefficients);
    dst += LINE;
    matrix += LINE;
  }
}

function combineLines(dst: usize, row: usize, rowBytes: usize, rows: u32, scalar: usize): void {
  let lo0 = i64x2.splat(0);
  let hi0 = i64x2.splat(0);
  let lo1 = i64x2.splat(0);
  let hi1 = i64x2.splat(0);
  let lo2 = i64x2.splat(0);
  let hi2 = i64x2.splat(0);
  let lo3 = i64x2.splat(0);
  let hi3 = i64x2.splat(0);
  for (let r: u32 = 0; r < rows; r++) {
    const a0 = coordinate(row, 0);
    const a1 = coordinate(row, 1);
    const a2 = coordinate(row, 2);
    const a3 = coordinate(row, 3);
    const b0 = scalarCoordinate(scalar, 0);
    const b1 = scalarCoordinate(scalar, 1);
    const b2 = scalarCoordinate(scalar, 2);
    const b3 = scalarCoordinate(scalar, 3);
    const n1 = neg(b1);
    const n3 = neg(b3);
    const d2 = twistReal(b2, b3);
    const d3 = twistImaginary(b2, b3);
    const m3 = neg(d3);
    lo0 = i64x2.add(lo0, partial(dotLow(a0, b0, a1, n1, a2, d2, a3, m3)));
    hi0 = i64x2.add(hi0, partial(dotHigh(a0, b0, a1, n1, a2, d2, a3, m3)));
    lo1 = i64x2.add(lo1, partial(dotLow(a0, b1, a1, b0, a2, d3, a3, d2)));
    hi1 = i64x2.add(hi1, partial(dotHigh(a0, b1, a1, b0, a2, d3, a3, d2)));
    lo2 = i64x2.add(lo2, partial(dotLow(a0, b2, a1, n3, a2, b0, a3, n1)));
    hi2 = i64x2.add(hi2, partial(dotHigh(a0, b2, a1, n3, a2, b0, a3, n1)));
    lo3 = i64x2.add(lo3, partial(dotLow(a0, b3, a1, b2, a2, b1, a3, b0)));
    hi3 = i64x2.add(hi3, partial(dotHigh(a0, b3, a1, b2, a2, b1, a3, b0)));
    row += rowBytes;
    scalar += 16;
  }
  storeLine(dst, reduce(lo0, hi0), reduce(lo1, hi1), reduce(lo2, hi2), reduce(lo3, hi3));
}
