/** dst[r] = Σ_x M[r][x]·ext[x] for M over F, four rows to a line of dst. */
import { coordinate, laneMask, LINE, storeLine } from "./ext";
import { dotHigh, dotLow, partial, reduce } from "./field";
import { scratch } from "./scratch";

export function rowDots(dst: usize, matrix: usize, stride: u32, ext: usize, length: u32, rows: u32): void {
  const rowBytes = <usize>stride << 2;
  const sums = scratch();
  memory.fill(sums, 0, LINE << 2);
  for (let rest = <i32>rows; rest > 0; rest -= 4) {
    // Rows beyond the last leave older sums in their lanes, which nobody reads.
    const count = <usize>min(rest, 4);
    for (let r: usize = 0; r < count; r++) {
      rowSum(sums + r * LINE, matrix, ext, length);
      matrix += rowBytes;
    }
    storeLine(dst, rowResidues(sums), rowResidues(sums + 16), rowResidues(sums + 32), rowResidues(sums + 48));
    dst += LINE;
  }
}

/** Stores for each coordinate two 64-bit lanes that add up to the row's sum. */
function rowSum(sum: usize, row: usize, ext: usize, length: u32): void {
  let lo0 = i64x2.splat(0);
  let hi0 = i64x2.splat(0);
  let lo1 = i64x2.splat(0);
  let hi1 = i64x2.splat(0);
  let lo2 = i64x2.splat(0);
  let hi2 = i64x2.splat(0);
  let lo3 = i64x2.splat(0);
  let hi3 = i64x2.splat(0);
  let rest = <i32>length;
  // Four products fit in 64 bits: four lines for one partial reduction.
  for (; rest >= 16; rest -= 16) {
    const a = v128.load(row, 0);
    const b = v128.load(row, 16);
    const c = v128.load(row, 32);
    const d = v128.load(row, 48);
    const a0 = v128.load(ext, 0);
    const b0 = v128.load(ext, 64);
    const c0 = v128.load(ext, 128);
    const d0 = v128.load(ext, 192);
    lo0 = i64x2.add(lo0, partial(dotLow(a, a0, b, b0, c, c0, d, d0)));
    hi0 = i64x2.add(hi0, partial(dotHigh(a, a0, b, b0, c, c0, d, d0)));
    const a1 = v128.load(ext, 16);
    const b1 = v128.load(ext, 80);
    const c1 = v128.load(ext, 144);
    const d1 = v128.load(ext, 208);
    lo1 = i64x2.add(lo1, partial(dotLow(a, a1, b, b1, c, c1, d, d1)));
    hi1 = i64x2.add(hi1, partial(dotHigh(a, a1, b, b1, c, c1, d, d1)));
    const a2 = v128.load(ext, 32);
    const b2 = v128.load(ext, 96);
    const c2 = v128.load(ext, 160);
    const d2 = v128.load(ext, 224);
    lo2 = i64x2.add(lo2, partial(dotLow(a, a2, b, b2, c, c2, d, d2)));
    hi2 = i64x2.add(hi2, partial(dotHigh(a, a2, b, b2, c, c2, d, d2)));
    const a3 = v128.load(ext, 48);
    const b3 = v128.load(ext, 112);
    const c3 = v128.load(ext, 176);
    const d3 = v128.load(ext, 240);
    lo3 = i64x2.add(lo3, partial(dotLow(a, a3, b, b3, c, c3, d, d3)));
    hi3 = i64x2.add(hi3, partial(dotHigh(a, a3, b, b3, c, c3, d, d3)));
    row += 64;
    ext += LINE << 2;
  }
  for (; rest > 0; rest -= 4) {
    const a = v128.and(laneMask(rest), v128.load(row));
    const b0 = coordinate(ext, 0);
    const b1 = coordinate(ext, 1);
    const b2 = coordinate(ext, 2);
    const b3 = coordinate(ext, 3);
    lo0 = i64x2.add(lo0, partial(i64x2.extmul_low_i32x4_u(a, b0)));
    hi0 = i64x2.add(hi0, partial(i64x2.extmul_high_i32x4_u(a, b0)));
    lo1 = i64x2.add(lo1, partial(i64x2.extmul_low_i32x4_u(a, b1)));
    hi1 = i64x2.add(hi1, partial(i64x2.extmul_high_i32x4_u(a, b1)));
    lo2 = i64x2.add(lo2, partial(i64x2.extmul_low_i32x4_u(a, b2)));
    hi2 = i64x2.add(hi2, partial(i64x2.extmul_high_i32x4_u(a, b2)));
    lo3 = i64x2.add(lo3, partial(i64x2.extmul_low_i32x4_u(a, b3)));
    hi3 = i64x2.add(hi3, partial(i64x2.extmul_high_i32x4_u(a, b3)));
    row += 16;
    ext += LINE;
  }
  v128.store(sum, i64x2.add(lo0, hi0), 0);
  v128.store(sum, i64x2.add(lo1, hi1), 16);
  v128.store(sum, i64x2.add(lo2, hi2), 32);
  v128.store(sum, i64x2.add(lo3, hi3), 48);
}

/** One coordinate of four rows' sums, a row to each lane. */
// @ts-ignore: decorator
@inline
function rowResidues(sums: usize): v128 {
  const s0 = v128.load(sums, 0);
  const s1 = v128.load(sums, 64);
  const s2 = v128.load(sums, 128);
  const s3 = v128.load(sums, 192);
  return reduce(
    i64x2.add(v128.shuffle<u64>(s0, s1, 0, 2), v128.shuffle<u64>(s0, s1, 1, 3)),
    i64x2.add(v128.shuffle<u64>(s2, s3, 0, 2), v128.shuffle<u64>(s2, s3, 1, 3)),
  );
}
