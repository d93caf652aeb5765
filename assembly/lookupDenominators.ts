/** The denominators at the leaves of the LogUp tree. */
import { add, dot, mulDoubled, neg } from "./field";
import { LINE, scalarCoordinate, storeLine } from "./ext";

/** dst[x] = constant − Σ factor·column[x]; a column at 0 is absent, and all after it are then absent too. */
export function lookupDenominators(
  dst: usize, constant: usize,
  column0: usize, factor0: usize, column1: usize, factor1: usize, column2: usize, factor2: usize,
  column3: usize, factor3: usize,
  count: u32,
): void {
  if (!column1) {
    oneColumn(dst, constant, column0, factor0, count);
    return;
  }
  const step2: usize = column2 ? 16 : 0;
  const step3: usize = column3 ? 16 : 0;
  const k0 = scalarCoordinate(constant, 0);
  const k1 = scalarCoordinate(constant, 1);
  const k2 = scalarCoordinate(constant, 2);
  const k3 = scalarCoordinate(constant, 3);
  const f00 = minusFactor(column0, factor0, 0);
  const f01 = minusFactor(column0, factor0, 1);
  const f02 = minusFactor(column0, factor0, 2);
  const f03 = minusFactor(column0, factor0, 3);
  const f10 = minusFactor(column1, factor1, 0);
  const f11 = minusFactor(column1, factor1, 1);
  const f12 = minusFactor(column1, factor1, 2);
  const f13 = minusFactor(column1, factor1, 3);
  const f20 = minusFactor(column2, factor2, 0);
  const f21 = minusFactor(column2, factor2, 1);
  const f22 = minusFactor(column2, factor2, 2);
  const f23 = minusFactor(column2, factor2, 3);
  const f30 = minusFactor(column3, factor3, 0);
  const f31 = minusFactor(column3, factor3, 1);
  const f32 = minusFactor(column3, factor3, 2);
  const f33 = minusFactor(column3, factor3, 3);
  for (let x: u32 = 0; x < count; x += 4) {
    const a0 = v128.load(column0);
    const a1 = v128.load(column1);
    const a2 = v128.load(column2);
    const a3 = v128.load(column3);
    storeLine(
      dst,
      add(k0, dot(a0, f00, a1, f10, a2, f20, a3, f30)),
      add(k1, dot(a0, f01, a1, f11, a2, f21, a3, f31)),
      add(k2, dot(a0, f02, a1, f12, a2, f22, a3, f32)),
      add(k3, dot(a0, f03, a1, f13, a2, f23, a3, f33)),
    );
    dst += LINE;
    column0 += 16;
    column1 += 16;
    column2 += step2;
    column3 += step3;
  }
}

/** −factor, or 0 where the column is absent (whatever is loaded in its place then has no effect). */
// @ts-ignore: decorator
@inline
function minusFactor(column: usize, factor: usize, c: usize): v128 {
  return column ? neg(scalarCoordinate(factor, c)) : i32x4.splat(0);
}

/** With one column or none. */
function oneColumn(dst: usize, constant: usize, column: usize, factor: usize, count: u32): void {
  const step: usize = column ? 16 : 0;
  const k0 = scalarCoordinate(constant, 0);
  const k1 = scalarCoordinate(constant, 1);
  const k2 = scalarCoordinate(constant, 2);
  const k3 = scalarCoordinate(constant, 3);
  const f0 = minusFactor(column, factor, 0);
  const f1 = minusFactor(column, factor, 1);
  const f2 = minusFactor(column, factor, 2);
  const f3 = minusFactor(column, factor, 3);
  const g0 = i32x4.add(f0, f0);
  const g1 = i32x4.add(f1, f1);
  const g2 = i32x4.add(f2, f2);
  const g3 = i32x4.add(f3, f3);
  for (let x: u32 = 0; x < count; x += 4) {
    const a = v128.load(column);
    storeLine(
      dst,
      add(k0, mulDoubled(f0, g0, a)),
      add(k1, mulDoubled(f1, g1, a)),
      add(k2, mulDoubled(f2, g2, a)),
      add(k3, mulDoubled(f3, g3, a)),
    );
    dst += LINE;
    column += step;
  }
}
