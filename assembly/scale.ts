/** Lines times one scalar: folding a multilinear table, extending an eq table, adding a multiple. */
import { add, dot, neg, sub } from "./field";
import { coordinate, LINE, scalarCoordinate, storeLine, twistImaginary, twistReal } from "./ext";

/** dst[x] = src0[x] + r·(src1[x] − src0[x]); dst may be src0 or src1. */
export function extFold(dst: usize, src0: usize, src1: usize, r: usize, count: u32): void {
  const b0 = scalarCoordinate(r, 0);
  const b1 = scalarCoordinate(r, 1);
  const b2 = scalarCoordinate(r, 2);
  const b3 = scalarCoordinate(r, 3);
  const n1 = neg(b1);
  const n3 = neg(b3);
  const d2 = twistReal(b2, b3);
  const d3 = twistImaginary(b2, b3);
  const m3 = neg(d3);
  for (let x: u32 = 0; x < count; x += 4) {
    const f0 = coordinate(src0, 0);
    const f1 = coordinate(src0, 1);
    const f2 = coordinate(src0, 2);
    const f3 = coordinate(src0, 3);
    const a0 = sub(coordinate(src1, 0), f0);
    const a1 = sub(coordinate(src1, 1), f1);
    const a2 = sub(coordinate(src1, 2), f2);
    const a3 = sub(coordinate(src1, 3), f3);
    storeLine(
      dst,
      add(f0, dot(a0, b0, a1, n1, a2, d2, a3, m3)),
      add(f1, dot(a0, b1, a1, b0, a2, d3, a3, d2)),
      add(f2, dot(a0, b2, a1, n3, a2, b0, a3, n1)),
      add(f3, dot(a0, b3, a1, b2, a2, b1, a3, b0)),
    );
    dst += LINE;
    src0 += LINE;
    src1 += LINE;
  }
}

/** dst[x] = f[x] + scalar·g[x]; dst may be f or g. */
export function extMulAdd(dst: usize, f: usize, g: usize, scalar: usize, count: u32): void {
  const b0 = scalarCoordinate(scalar, 0);
  const b1 = scalarCoordinate(scalar, 1);
  const b2 = scalarCoordinate(scalar, 2);
  const b3 = scalarCoordinate(scalar, 3);
  const n1 = neg(b1);
  const n3 = neg(b3);
  const d2 = twistReal(b2, b3);
  const d3 = twistImaginary(b2, b3);
  const m3 = neg(d3);
  for (let x: u32 = 0; x < count; x += 4) {
    const a0 = coordinate(g, 0);
    const a1 = coordinate(g, 1);
    const a2 = coordinate(g, 2);
    const a3 = coordinate(g, 3);
    storeLine(
      dst,
      add(coordinate(f, 0), dot(a0, b0, a1, n1, a2, d2, a3, m3)),
      add(coordinate(f, 1), dot(a0, b1, a1, b0, a2, d3, a3, d2)),
      add(coordinate(f, 2), dot(a0, b2, a1, n3, a2, b0, a3, n1)),
      add(coordinate(f, 3), dot(a0, b3, a1, b2, a2, b1, a3, b0)),
    );
    dst += LINE;
    f += LINE;
    g += LINE;
  }
}

/** low[x] = (1 − r)·src[x], high[x] = r·src[x]; low may be src. */
export function eqExpand(low: usize, high: usize, src: usize, r: usize, count: u32): void {
  const b0 = scalarCoordinate(r, 0);
  const b1 = scalarCoordinate(r, 1);
  const b2 = scalarCoordinate(r, 2);
  const b3 = scalarCoordinate(r, 3);
  const n1 = neg(b1);
  const n3 = neg(b3);
  const d2 = twistReal(b2, b3);
  const d3 = twistImaginary(b2, b3);
  const m3 = neg(d3);
  for (let x: u32 = 0; x < count; x += 4) {
    const a0 = coordinate(src, 0);
    const a1 = coordinate(src, 1);
    const a2 = coordinate(src, 2);
    const a3 = coordinate(src, 3);
    const c0 = dot(a0, b0, a1, n1, a2, d2, a3, m3);
    const c1 = dot(a0, b1, a1, b0, a2, d3, a3, d2);
    const c2 = dot(a0, b2, a1, n3, a2, b0, a3, n1);
    const c3 = dot(a0, b3, a1, b2, a2, b1, a3, b0);
    storeLine(high, c0, c1, c2, c3);
    storeLine(low, sub(a0, c0), sub(a1, c1), sub(a2, c2), sub(a3, c3));
    low += LINE;
    high += LINE;
    src += LINE;
  }
}
