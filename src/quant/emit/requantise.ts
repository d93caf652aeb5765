/** Requantisation of integers whose scale is given: a table may map them to any other scale. */

import { type Interval, intervalHull, shiftInterval } from "../../program/interval.ts";
import { rangeSize, roundRangeOutward } from "../../program/intRange.ts";
import { shiftFitsField } from "../../program/noWrap.ts";
import type { IntRange } from "../../program/program.ts";
import { MAX_DOMAIN_SIZE, MAX_SHIFT } from "../../program/rules/requantise.ts";
import { integerFunction } from "../integerFunction.ts";
import type { RealFunction } from "../realProgram.ts";
import type { IntegerForm } from "../realRange.ts";
import type { Emission, Emitted } from "./emission.ts";

export const IDENTITY: RealFunction = {
  kind: "clamp",
  lo: Number.NEGATIVE_INFINITY,
  hi: Number.POSITIVE_INFINITY,
};

/** The domain that covers whatever an input can reach after the shift; null where it is too large or could wrap. */
export function reachedDomain(interval: Interval, declared: IntRange, shift: number): IntRange | null {
  const domain = roundRangeOutward(intervalHull(shiftInterval(interval, shift)));
  if (rangeSize(domain) > MAX_DOMAIN_SIZE || !shiftFitsField(declared, shift, domain)) return null;
  return domain;
}

/** How many bits finer than the result what a table reads is. */
const TABLE_BITS = 2;

/**
 * The function of `input`, rounded to `form`. `slope`: the steepest that the function gets. Returns null where no shift
 * keeps the table small enough.
 */
export function emitRequantise(
  emission: Emission,
  names: { readonly name: string; readonly result: string },
  input: Emitted,
  f: RealFunction,
  form: IntegerForm,
  slope: number,
): Emitted | null {
  const { scale } = input.tensor.quant;
  const wanted = form.quant.scale / (Math.max(slope, 2 ** -10) * 2 ** TABLE_BITS);
  for (let shift = Math.max(0, Math.floor(Math.log2(wanted / scale))); shift <= MAX_SHIFT; shift++) {
    const domain = reachedDomain(input.interval, input.tensor.range, shift);
    if (domain === null) continue;
    const table = integerFunction(f, domain, scale * 2 ** shift, form.quant.scale, form.range);
    const operator = {
      kind: "requantise",
      name: names.name,
      input: input.id,
      shift,
      rounding: "half-up",
    } as const;
    return emission.add({ ...operator, function: table }, { name: names.result, scale: form.quant.scale });
  }
  return null;
}
