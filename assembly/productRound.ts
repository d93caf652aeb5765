/** One round of the sumcheck of a product of two multilinear tables. */
import { dotHigh, dotLow, neg, partial, sub } from "./field";
import { addToScalar, coordinate, laneMask, LINE, twistImaginary, twistReal } from "./ext";
import { dotExt } from "./dots";

/** out[0..4) += Σ f0·g0, out[4..8) += Σ (f1 − f0)·(g1 − g0); f0, f1 the halves of one table. */
export function productRound(out: usize, f0: usize, f1: usize, g0: usize, g1: usize, count: u32): void {
  dotExt(out, f0, g0, count);
  slopes(out + 16, f0, f1, g0, g1, count);
}

function slopes(out: usize, f0: usize, f1: usize, g0: usize, g1: usize, count: u32): void {
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
    const a0 = v128.and(mask, sub(coordinate(f1, 0), coordinate(f0, 0)));
    const a1 = v128.and(mask, sub(coordinate(f1, 1), coordinate(f0, 1)));
    const a2 = v128.and(mask, sub(coordinate(f1, 2), coordinate(f0, 2)));
    const a3 = v128.and(mask, sub(coordinate(f1, 3), coordinate(f0, 3)));
    const b0 = sub(coordinate(g1, 0), coordinate(g0, 0));
    const b1 = sub(coordinate(g1, 1), coordinate(g0, 1));
    const b2 = sub(coordinate(g1, 2), coordinate(g0, 2));
    const b3 = sub(coordinate(g1, 3), coordinate(g0, 3));
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
    f0 += LINE;
    f1 += LINE;
    g0 += LINE;
    g1 += LINE;
  }
  addToScalar(out, lo0, hi0, lo1, hi1, lo2, hi2, lo3, hi3);
}
