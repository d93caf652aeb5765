/** The LogUp tree: fractions added pairwise, and the sum of two products that its sumcheck rounds consist of. */
import { dot, dotHigh, dotLow, neg, partial, reduceSmall } from "./field";
import { coordinate, LINE, storeLine, twistImaginary, twistReal } from "./ext";

/** dstP = p0·q1 + p1·q0, dstQ = q0·q1. */
export function fractionSum(
  dstP: usize, dstQ: usize, p0: usize, p1: usize, q0: usize, q1: usize, count: u32,
): void {
  for (let x: u32 = 0; x < count; x += 4) {
    multiplyLines(dstQ, q0, q1);
    sumOfProducts(dstP, p0, q1, p1, q0);
    dstP += LINE;
    dstQ += LINE;
    p0 += LINE;
    p1 += LINE;
    q0 += LINE;
    q1 += LINE;
  }
}

/** One line of a·b. */
// @ts-ignore: decorator
@inline
export function multiplyLines(dst: usize, a: usize, b: usize): void {
  const a0 = coordinate(a, 0);
  const a1 = coordinate(a, 1);
  const a2 = coordinate(a, 2);
  const a3 = coordinate(a, 3);
  const b0 = coordinate(b, 0);
  const b1 = coordinate(b, 1);
  const b2 = coordinate(b, 2);
  const b3 = coordinate(b, 3);
  const n1 = neg(b1);
  const n3 = neg(b3);
  const d2 = twistReal(b2, b3);
  const d3 = twistImaginary(b2, b3);
  const m3 = neg(d3);
  storeLine(
    dst,
    dot(a0, b0, a1, n1, a2, d2, a3, m3),
    dot(a0, b1, a1, b0, a2, d3, a3, d2),
    dot(a0, b2, a1, n3, a2, b0, a3, n1),
    dot(a0, b3, a1, b2, a2, b1, a3, b0),
  );
}

/** One line of a·b + c·d. */
// @ts-ignore: decorator
@inline
export function sumOfProducts(dst: usize, a: usize, b: usize, c: usize, d: usize): void {
  const a0 = coordinate(a, 0);
  const a1 = coordinate(a, 1);
  const a2 = coordinate(a, 2);
  const a3 = coordinate(a, 3);
  const b0 = coordinate(b, 0);
  const b1 = coordinate(b, 1);
  const b2 = coordinate(b, 2);
  const b3 = coordinate(b, 3);
  const n1 = neg(b1);
  const n3 = neg(b3);
  const y2 = twistReal(b2, b3);
  const y3 = twistImaginary(b2, b3);
  const m3 = neg(y3);
  const low0 = partial(dotLow(a0, b0, a1, n1, a2, y2, a3, m3));
  const high0 = partial(dotHigh(a0, b0, a1, n1, a2, y2, a3, m3));
  const low1 = partial(dotLow(a0, b1, a1, b0, a2, y3, a3, y2));
  const high1 = partial(dotHigh(a0, b1, a1, b0, a2, y3, a3, y2));
  const low2 = partial(dotLow(a0, b2, a1, n3, a2, b0, a3, n1));
  const high2 = partial(dotHigh(a0, b2, a1, n3, a2, b0, a3, n1));
  const low3 = partial(dotLow(a0, b3, a1, b2, a2, b1, a3, b0));
  const high3 = partial(dotHigh(a0, b3, a1, b2, a2, b1, a3, b0));
  const c0 = coordinate(c, 0);
  const c1 = coordinate(c, 1);
  const c2 = coordinate(c, 2);
  const c3 = coordinate(c, 3);
  const d0 = coordinate(d, 0);
  const d1 = coordinate(d, 1);
  const d2 = coordinate(d, 2);
  const d3 = coordinate(d, 3);
  const k1 = neg(d1);
  const k3 = neg(d3);
  const z2 = twistReal(d2, d3);
  const z3 = twistImaginary(d2, d3);
  const l3 = neg(z3);
  storeLine(
    dst,
    plus(low0, high0, dotLow(c0, d0, c1, k1, c2, z2, c3, l3), dotHigh(c0, d0, c1, k1, c2, z2, c3, l3)),
    plus(low1, high1, dotLow(c0, d1, c1, d0, c2, z3, c3, z2), dotHigh(c0, d1, c1, d0, c2, z3, c3, z2)),
    plus(low2, high2, dotLow(c0, d2, c1, k3, c2, d0, c3, k1), dotHigh(c0, d2, c1, k3, c2, d0, c3, k1)),
    plus(low3, high3, dotLow(c0, d3, c1, d2, c2, d1, c3, d0), dotHigh(c0, d3, c1, d2, c2, d1, c3, d0)),
  );
}

// @ts-ignore: decorator
@inline
function plus(low: v128, high: v128, lo: v128, hi: v128): v128 {
  return reduceSmall(i64x2.add(low, partial(lo)), i64x2.add(high, partial(hi)));
}
