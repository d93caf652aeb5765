import type { RealFunction } from "./realProgram.ts";

const clamped = (value: number, lo: number, hi: number): number => Math.min(Math.max(value, lo), hi);

/** The function's values at these points, as the float reference computes them. */
export function applyFunction(f: RealFunction, x: Float32Array): ArrayLike<number> {
  switch (f.kind) {
    case "clamp":
      return x.map((value) => clamped(value, f.lo, f.hi));
    case "affine":
      return x.map((value) => f.factor * value + f.offset);
    case "map":
      return f.apply(x);
  }
}

/** `then` after `first`, as one function. */
export function composed(first: RealFunction, then: RealFunction): RealFunction {
  if (first.kind === "affine" && then.kind === "affine") {
    const factor = first.factor * then.factor;
    return { kind: "affine", factor, offset: then.factor * first.offset + then.offset };
  }
  if (first.kind === "clamp" && then.kind === "clamp") {
    const through = (bound: number): number => clamped(bound, then.lo, then.hi);
    return { kind: "clamp", lo: through(first.lo), hi: through(first.hi) };
  }
  const apply = (x: Float32Array): ArrayLike<number> =>
    applyFunction(then, Float32Array.from(applyFunction(first, x)));
  if (first.kind === "affine") return { kind: "map", apply, split: { first, rest: then } };
  if (first.kind === "map" && first.split !== undefined)
    return {
      kind: "map",
      apply,
      split: { first: first.split.first, rest: composed(first.split.rest, then) },
    };
  return { kind: "map", apply };
}

/** Whether the function has negative values anywhere, whatever the calibration samples reach. */
export function hasNegativeValues(f: RealFunction): boolean {
  const probes = Float32Array.of(-1e4, -100, -1, -0.01, 0, 0.01, 1, 100, 1e4);
  return Array.from(applyFunction(f, probes)).some((value) => value < 0);
}
