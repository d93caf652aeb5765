/** One round of the sumcheck of Σ eq·(a·b + c·d), line by line. */
import { dotHigh, dotLow, neg, partial, sub } from "./field";
import { addToScalar, coordinate, laneMask, LINE, twistImaginary, twistReal } from "./ext";
import { sumOfProducts } from "./fractions";
import { scratch } from "./scratch";

/** out[0..4) += the sum over the low halves, out[4..8) += the sum over the slopes (high − low). */
export function gkrRound(
  out: usize, eq: usize,
  a0: usize, a1: usize, b0: usize, b1: usize, c0: usize, c1: usize, d0: usize, d1: usize,
  count: u32,
): void {
  const f = scratch();
  const g = f + LINE;
  const a = g + LINE;
  const b = a + LINE;
  const c = b + LINE;
  const d = c + LINE;
  let fLo0 = i64x2.splat(0);
  let fHi0 = i64x2.splat(0);
  let fLo1 = i64x2.splat(0);
  let fHi1 = i64x2.splat(0);
  let fLo2 = i64x2.splat(0);
  let fHi2 = i64x2.splat(0);
  let fLo3 = i64x2.splat(0);
  let fHi3 = i64x2.splat(0);
  let gLo0 = i64x2.splat(0);
  let gHi0 = i64x2.splat(0);
  let gLo1 = i64x2.splat(0);
  let gHi1 = i64x2.splat(0);
  let gLo2 = i64x2.splat(0);
  let gHi2 = i64x2.splat(0);
  let gLo3 = i64x2.splat(0);
  let gHi3 = i64x2.splat(0);
  for (let rest = <i32>count; rest > 0; rest -= 4) {
    sumOfProducts(f, a0, b0, c0, d0);
    slope(a, a0, a1);
    slope(b, b0, b1);
    slope(c, c0, c1);
    slope(d, d0, d1);
    sumOfProducts(g, a, b, c, d);
    const mask = laneMask(rest);
    const e0 = v128.and(mask, coordinate(eq, 0));
    const e1 = v128.and(mask, coordinate(eq, 1));
    const e2 = v128.and(mask, coordinate(eq, 2));
    const e3 = v128.and(mask, coordinate(eq, 3));
    const f0 = coordinate(f, 0);
    const f1 = coordinate(f, 1);
    const f2 = coordinate(f, 2);
    const f3 = coordinate(f, 3);
    const fMinus1 = neg(f1);
    const fMinus3 = neg(f3);
    const fReal = twistReal(f2, f3);
    const fImaginary = twistImaginary(f2, f3);
    const fMinusImaginary = neg(fImaginary);
    fLo0 = i64x2.add(fLo0, partial(dotLow(e0, f0, e1, fMinus1, e2, fReal, e3, fMinusImaginary)));
    fHi0 = i64x2.add(fHi0, partial(dotHigh(e0, f0, e1, fMinus1, e2, fReal, e3, fMinusImaginary)));
    fLo1 = i64x2.add(fLo1, partial(dotLow(e0, f1, e1, f0, e2, fImaginary, e3, fReal)));
    fHi1 = i64x2.add(fHi1, partial(dotHigh(e0, f1, e1, f0, e2, fImaginary, e3, fReal)));
    fLo2 = i64x2.add(fLo2, partial(dotLow(e0, f2, e1, fMinus3, e2, f0, e3, fMinus1)));
    fHi2 = i64x2.add(fHi2, partial(dotHigh(e0, f2, e1, fMinus3, e2, f0, e3, fMinus1)));
    fLo3 = i64x2.add(fLo3, partial(dotLow(e0, f3, e1, f2, e2, f1, e3, f0)));
    fHi3 = i64x2.add(fHi3, partial(dotHigh(e0, f3, e1, f2, e2, f1, e3, f0)));
    const g0 = coordinate(g, 0);
    const g1 = coordinate(g, 1);
    const g2 = coordinate(g, 2);
    const g3 = coordinate(g, 3);
    const gMinus1 = neg(g1);
    const gMinus3 = neg(g3);
    const gReal = twistReal(g2, g3);
    const gImaginary = twistImaginary(g2, g3);
    const gMinusImaginary = neg(gImaginary);
    gLo0 = i64x2.add(gLo0, partial(dotLow(e0, g0, e1, gMinus1, e2, gReal, e3, gMinusImaginary)));
    gHi0 = i64x2.add(gHi0, partial(dotHigh(e0, g0, e1, gMinus1, e2, gReal, e3, gMinusImaginary)));
    gLo1 = i64x2.add(gLo1, partial(dotLow(e0, g1, e1, g0, e2, gImaginary, e3, gReal)));
    gHi1 = i64x2.add(gHi1, partial(dotHigh(e0, g1, e1, g0, e2, gImaginary, e3, gReal)));
    gLo2 = i64x2.add(gLo2, partial(dotLow(e0, g2, e1, gMinus3, e2, g0, e3, gMinus1)));
    gHi2 = i64x2.add(gHi2, partial(dotHigh(e0, g2, e1, gMinus3, e2, g0, e3, gMinus1)));
    gLo3 = i64x2.add(gLo3, partial(dotLow(e0, g3, e1, g2, e2, g1, e3, g0)));
    gHi3 = i64x2.add(gHi3, partial(dotHigh(e0, g3, e1, g2, e2, g1, e3, g0)));
    eq += LINE;
    a0 += LINE;
    a1 += LINE;
    b0 += LINE;
    b1 += LINE;
    c0 += LINE;
    c1 += LINE;
    d0 += LINE;
    d1 += LINE;
  }
  addToScalar(out, fLo0, fHi0, fLo1, fHi1, fLo2, fHi2, fLo3, fHi3);
  addToScalar(out + 16, gLo0, gHi0, gLo1, gHi1, gLo2, gHi2, gLo3, gHi3);
}

// @ts-ignore: decorator
@inline
function slope(dst: usize, low: usize, high: usize): void {
  v128.store(dst, sub(coordinate(high, 0), coordinate(low, 0)), 0);
  v128.store(dst, sub(coordinate(high, 1), coordinate(low, 1)), 16);
  v128.store(dst, sub(coordinate(high, 2), coordinate(low, 2)), 32);
  v128.store(dst, sub(coordinate(high, 3), coordinate(low, 3)), 48);
}
