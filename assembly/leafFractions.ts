/** The lowest layer of the LogUp tree, whose numerators lie in F. */
import { reduce } from "./field";
import { coordinate, LINE, storeLine } from "./ext";
import { multiplyLines } from "./fractions";

/** dstP = p0·q1 + p1·q0, dstQ = q0·q1 for p over F. */
export function leafFractionSum(
  dstP: usize, dstQ: usize, p0: usize, p1: usize, q0: usize, q1: usize, count: u32,
): void {
  for (let x: u32 = 0; x < count; x += 4) {
    multiplyLines(dstQ, q0, q1);
    const a = v128.load(p0);
    const b = v128.load(p1);
    storeLine(
      dstP,
      weighted(a, coordinate(q1, 0), b, coordinate(q0, 0)),
      weighted(a, coordinate(q1, 1), b, coordinate(q0, 1)),
      weighted(a, coordinate(q1, 2), b, coordinate(q0, 2)),
      weighted(a, coordinate(q1, 3), b, coordinate(q0, 3)),
    );
    dstP += LINE;
    dstQ += LINE;
    p0 += 16;
    p1 += 16;
    q0 += LINE;
    q1 += LINE;
  }
}

/** a·x + b·y. */
// @ts-ignore: decorator
@inline
function weighted(a: v128, x: v128, b: v128, y: v128): v128 {
  return reduce(
    i64x2.add(i64x2.extmul_low_i32x4_u(a, x), i64x2.extmul_low_i32x4_u(b, y)),
    i64x2.add(i64x2.extmul_high_i32x4_u(a, x), i64x2.extmul_high_i32x4_u(b, y)),
  );
}

/** dst[x] = src[x], an element of F, as one of K. */
export function extFromBase(dst: usize, src: usize, count: u32): void {
  const zero = i32x4.splat(0);
  for (let x: u32 = 0; x < count; x += 4) {
    v128.store(dst, v128.load(src), 0);
    v128.store(dst, zero, 16);
    v128.store(dst, zero, 32);
    v128.store(dst, zero, 48);
    dst += LINE;
    src += 16;
  }
}
