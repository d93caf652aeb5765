import { rangeSize } from "../program/intRange.ts";
import type { IntFunction, IntRange } from "../program/program.ts";
import { applyFunction } from "./realFunction.ts";
import type { RealFunction } from "./realProgram.ts";

/** Real bound → integer, infinite bounds to the end of `output`. */
function clampBound(bound: number, scale: number, output: IntRange): number {
  return Math.min(Math.max(Math.round(bound / scale), output.lo), output.hi);
}

/** The table of a function of integers. */
export function integerFunctionOf(domain: IntRange, f: (z: number) => number): IntFunction {
  const values = Int32Array.from({ length: rangeSize(domain) }, (_, index) => f(domain.lo + index));
  return { domain, map: { kind: "values", values } };
}

/**
 * The function over `domain`, z meaning inputScale · z and y meaning outputScale · y, results limited to `output`.
 * A clamp that keeps the scale is given by formula.
 */
export function integerFunction(
  f: RealFunction,
  domain: IntRange,
  inputScale: number,
  outputScale: number,
  output: IntRange,
): IntFunction {
  if (f.kind === "clamp" && inputScale === outputScale) {
    const lo = clampBound(f.lo, inputScale, output);
    return { domain, map: { kind: "clamp", lo, hi: Math.max(lo, clampBound(f.hi, inputScale, output)) } };
  }
  const x = Float32Array.from({ length: rangeSize(domain) }, (_, index) => inputScale * (domain.lo + index));
  const values = Int32Array.from(applyFunction(f, x), (y) => clampBound(y, outputScale, output));
  return { domain, map: { kind: "values", values } };
}
