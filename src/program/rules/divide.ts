import { combinedRange, productRange, quotientRange } from "../declaredRanges.ts";
import { checkNoWrap } from "../noWrap.ts";
import type { Divide } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";
import { commonShape } from "./elementwise.ts";

/**
 * Inputs of one shape, the denominator at least 1. The checks are what the proof needs (relations/divide/plan.ts): for
 * any quotient in the derived range, whatever the numerator and denominator are, y·d and n − y·d do not wrap, and the
 * ranges that are proven have no more integers than a range check can take.
 */
export function divideRule(program: ProgramStructure, operator: Divide, where: string): DerivedOutput {
  const { numerator, denominator } = operator;
  const shape = commonShape(program, [numerator, denominator], where);
  const n = program.tensors[numerator].range;
  const d = program.tensors[denominator].range;
  if (d.lo < 1) {
    throw invalidProgram(where, `its denominator is declared in [${d.lo}, ${d.hi}]; expected at least 1`);
  }
  const range = quotientRange(n, d);
  checkNoWrap({ lo: 0, hi: range.hi - range.lo }, 0, where);
  const product = productRange(range, d);
  checkNoWrap(product, 0, where);
  checkNoWrap(combinedRange([n, product], [1, -1], 0), 0, where);
  return { shape, range, quant: null };
}
