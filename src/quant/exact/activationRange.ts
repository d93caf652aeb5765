import type { IntRange } from "../../program/program.ts";
import { type ByteQuant, byteRange } from "./byteQuant.ts";

/** Real bounds of an activation that only clamps; infinite where there is none. */
export interface ClampBounds {
  readonly lo: number;
  readonly hi: number;
}

export const UNBOUNDED: ClampBounds = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };

/** To the nearest integer, halves away from zero: exact for every double, as C's `round` is. */
export function roundHalfAway(x: number): number {
  const whole = Math.trunc(x);
  // + 0 turns −0 into 0.
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole + 0;
}

/** The stored integers that an activation leaves (`CalculateActivationRangeQuantized`). May be empty: lo > hi. */
export function activationRange(output: ByteQuant, bounds: ClampBounds): IntRange {
  const { lo, hi } = byteRange(output.type);
  const quantised = (real: number): number =>
    output.zeroPoint + roundHalfAway(Math.fround(real / output.scale));
  return {
    lo: bounds.lo === Number.NEGATIVE_INFINITY ? lo : Math.max(lo, quantised(bounds.lo)),
    hi: bounds.hi === Number.POSITIVE_INFINITY ? hi : Math.min(hi, quantised(bounds.hi)),
  };
}
