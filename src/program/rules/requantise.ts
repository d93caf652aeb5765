import { functionRange } from "../declaredRanges.ts";
import { isRoundedOutward, rangeSize } from "../intRange.ts";
import { checkShiftNoWrap } from "../noWrap.ts";
import type { IntFunction, Requantise } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/** A function's domain holds at most this many integers: each is a row of a lookup table. */
export const MAX_DOMAIN_SIZE: number = 2 ** 16;

/** Larger shifts cannot keep 2^shift·(|z| + 1) below p/2 for any z. */
export const MAX_SHIFT = 29;

function checkFunction(f: IntFunction, where: string): void {
  const { domain, map } = f;
  if (domain.lo > 0 || domain.hi < 0 || !isRoundedOutward(domain)) {
    throw invalidProgram(
      where,
      `domain [${domain.lo}, ${domain.hi}] is not of the form [−2^j or 0, 2^k − 1]`,
    );
  }
  if (rangeSize(domain) > MAX_DOMAIN_SIZE) {
    throw invalidProgram(where, `a domain of ${rangeSize(domain)} integers exceeds ${MAX_DOMAIN_SIZE}`);
  }
  if (map.kind === "clamp") {
    if (map.lo !== (map.lo | 0) || map.hi !== (map.hi | 0) || map.lo > map.hi) {
      throw invalidProgram(where, `[${map.lo}, ${map.hi}] is not a range of 32-bit integers`);
    }
  } else if (map.values.length !== rangeSize(domain)) {
    throw invalidProgram(
      where,
      `expected ${rangeSize(domain)} values, one per integer of the domain, got ${map.values.length}`,
    );
  }
}

/** The output has the input's shape and the range of the function's values; the shift must not wrap. */
export function requantiseRule(
  program: ProgramStructure,
  operator: Requantise,
  where: string,
): DerivedOutput {
  const { shift, rounding, function: f } = operator;
  if (!Number.isInteger(shift) || shift < 0 || shift > MAX_SHIFT) {
    throw invalidProgram(where, `expected a shift of 0 to ${MAX_SHIFT}, got ${shift}`);
  }
  if (rounding !== "half-up") throw invalidProgram(where, `unknown rounding ${rounding}`);
  checkFunction(f, where);
  const input = program.tensors[operator.input];
  checkShiftNoWrap(input.range, shift, f.domain, where);
  return { shape: input.shape, range: functionRange(f), quant: null };
}
