import { TensorproofError } from "../errors/tensorproofError.ts";
import { maxAbs } from "./intRange.ts";
import type { IntRange } from "./program.ts";

/**
 * Programs are proven in the field of p = 2^31 − 1 elements. An equation between integers follows from the same
 * equation mod p when both sides are below p/2 in absolute value. These checks make that so from public data alone:
 * declared ranges, shifts and function domains, never the actual weights.
 */
const HALF_MODULUS = (2 ** 31 - 1) / 2;

const ADVICE =
  "use fewer weight or activation bits, a narrower declared input range, or split the layer into narrower ones";

/** Whether every |x| + headroom in `range` stays below p/2. */
function fitsField(range: IntRange, headroom: number): boolean {
  return maxAbs(range) + headroom < HALF_MODULUS;
}

/** Throws `program.rangeTooLarge` unless every |x| + headroom in `range` stays below p/2. */
export function checkNoWrap(range: IntRange, headroom: number, where: string): void {
  if (fitsField(range, headroom)) return;
  throw new TensorproofError(
    "program.rangeTooLarge",
    `${where}: its values range over [${range.lo}, ${range.hi}], more than the proof system's 31-bit field can tell apart; ${ADVICE}`,
    { where },
  );
}

/** The value added before a shift so that the shift rounds half up: 2^(shift−1), 0 for no shift. */
export function roundingOffset(shift: number): number {
  return shift === 0 ? 0 : 2 ** (shift - 1);
}

/** The values that 2^shift·z + r takes for z in `domain` and 0 ≤ r < 2^shift lie within this range. */
function shiftReach(shift: number, domain: IntRange): IntRange {
  const reach = 2 ** shift * (maxAbs(domain) + 1);
  return { lo: -reach, hi: reach };
}

/**
 * Whether z·2^shift + r = x + 2^(shift−1), 0 ≤ r < 2^shift, means the same mod p as over the integers for every x in
 * `input` and z in `domain`.
 */
export function shiftFitsField(input: IntRange, shift: number, domain: IntRange): boolean {
  return fitsField(input, roundingOffset(shift)) && fitsField(shiftReach(shift, domain), 0);
}

/** Throws `program.rangeTooLarge` unless `shiftFitsField`. */
export function checkShiftNoWrap(input: IntRange, shift: number, domain: IntRange, where: string): void {
  checkNoWrap(input, roundingOffset(shift), where);
  checkNoWrap(shiftReach(shift, domain), 0, where);
}
