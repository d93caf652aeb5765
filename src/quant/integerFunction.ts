import { operatorOf } from "../graph/operators/registry.ts";
import { rangeSize } from "../program/intRange.ts";
import type { IntFunction, IntRange } from "../program/program.ts";
import { floatTensor } from "../tensor/tensor.ts";
import type { RealFunction } from "./realProgram.ts";

/** The real values of the function at these points, as the float reference computes them. */
function realValues(f: RealFunction, x: Float32Array): ArrayLike<number> {
  if (f.kind === "clamp") return x.map((value) => Math.min(Math.max(value, f.lo), f.hi));
  const results = operatorOf(f.node)?.evaluate(f.node, [floatTensor([x.length], x)], [[x.length]]);
  if (results === undefined) throw new TypeError(`operator ${f.node.operator} is unknown`);
  return results[0].data;
}

/** Whether the function has negative values anywhere, whatever the calibration samples reach. */
export function hasNegativeValues(f: RealFunction): boolean {
  const probes = Float32Array.of(-1e4, -100, -1, -0.01, 0, 0.01, 1, 100, 1e4);
  return Array.from(realValues(f, probes)).some((value) => value < 0);
}

/** Real bound → integer, infinite bounds to the end of `output`. */
function clampBound(bound: number, scale: number, output: IntRange): number {
  return Math.min(Math.max(Math.round(bound / scale), output.lo), output.hi);
}

/**
 * The function over `domain`, z meaning inputScale · z and y meaning outputScale · y, results limited to `output`.
 * A clamp keeps the scale, so inputScale and outputScale are equal for it.
 */
export function integerFunction(
  f: RealFunction,
  domain: IntRange,
  inputScale: number,
  outputScale: number,
  output: IntRange,
): IntFunction {
  if (f.kind === "clamp") {
    const lo = clampBound(f.lo, inputScale, output);
    return { domain, map: { kind: "clamp", lo, hi: Math.max(lo, clampBound(f.hi, inputScale, output)) } };
  }
  const x = Float32Array.from({ length: rangeSize(domain) }, (_, index) => inputScale * (domain.lo + index));
  const values = Int32Array.from(realValues(f, x), (y) => clampBound(y, outputScale, output));
  return { domain, map: { kind: "values", values } };
}
