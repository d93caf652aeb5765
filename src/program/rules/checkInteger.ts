import { invalidProgram } from "../programErrors.ts";

/** Throws `program.invalid` unless `value` is an integer in [lo, hi]. `what` names the attribute. */
export function checkInteger(value: number, lo: number, hi: number, what: string, where: string): void {
  if (Number.isInteger(value) && value >= lo && value <= hi && !Object.is(value, -0)) return;
  throw invalidProgram(where, `expected ${what} of ${lo} to ${hi}, got ${value}`);
}

/** Bounds of what is written as a 32-bit integer; the most negative one has no opposite and is left out. */
export const MAX_INT32: number = 2 ** 31 - 1;
