/** Inner products into a scalar of K; `out` is added to, so that a caller may split the range. */
import { dotHigh, dotLow, neg, partial } from "./field";
import { addToScalar, coordinate, laneMask, LINE, twistImaginary, twistReal } from "./ext";

/** out += Σ f[x]·g[x]. */
export function dotExt(out: usize, f: usize, g: usize, count: u32): void {
  let lo0 = i64x2.splat(0);
  let hi0 = i64x2.splat(0);
  let lo1 = i64x2.splat(0);
  let hi1 = i64x2.splat(0);
  let lo2 = i64x2.splat(0);
  let hi2 = i64x2.splat(0);
  let lo3 = i64x2.splat(0);
  let hi3 = i64x2.splat(0);
  for (let rest = <i32>count; rest > 0; rest -= 4) {
    const mask = laneMask(rest);
    const a0 = v128.and(mask, coordinate(f, 0));
    const a1 = v128.and(mask, coordinate(f, 1));
    const a2 = v128.and(mask, coordinate(f, 2));
    const a3 = v128.and(mask, coordinate(f, 3));
    const b0 = coordinate(g, 0);
    const b1 = coordinate(g, 1);
    const b2 = coordinate(g, 2);
    const b3 = coordinate(g, 3);
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
    f += LINE;
    g += LINE;
  }
  addToScalar(out, lo0, hi0, lo1, hi1, lo2, hi2, lo3, hi3);
}

/** out += Σ base[x]·ext[x]. */
export function dotBaseExt(out: usize, base: usize, ext: usize, count: u32): void {
  let lo0 = i64x2.splat(0);
  let hi0 = i64x2.splat(0);
  let lo1 = i64x2.splat(0);
  let hi1 = i64x2.splat(0);
  let lo2 = i64x2.splat(0);
  let hi2 = i64x2.splat(0);
  let lo3 = i64x2.splat(0);
  let hi3 = i64x2.splat(0);
  for (let rest = <i32>count; rest > 0; rest -= 4) {
    const a = v128.and(laneMask(rest), v128.load(base));
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
    base += 16;
    ext += LINE;
  }
  addToScalar(out, lo0, hi0, lo1, hi1, lo2, hi2, lo3, hi3);
}
