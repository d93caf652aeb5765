import { combinedRange } from "../declaredRanges.ts";
import { checkNoWrap } from "../noWrap.ts";
import type { Combine } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { roundingRest } from "../roundingRest.ts";
import { checkInteger, MAX_INT32 } from "./checkInteger.ts";
import type { DerivedOutput } from "./derivedOutput.ts";
import { commonShape } from "./elementwise.ts";

const MAX_INPUTS = 2 ** 16;

/** Inputs of one shape, one factor other than 0 each. */
export function combineRule(program: ProgramStructure, operator: Combine, where: string): DerivedOutput {
  const { inputs, factors, offset } = operator;
  checkInteger(inputs.length, 1, MAX_INPUTS, "a number of inputs", where);
  if (factors.length !== inputs.length) {
    throw invalidProgram(where, `expected ${inputs.length} factors, one per input, got ${factors.length}`);
  }
  for (const factor of factors) {
    checkInteger(factor, -MAX_INT32, MAX_INT32, "a factor", where);
    if (factor === 0) throw invalidProgram(where, "a factor of 0");
  }
  checkInteger(offset, -MAX_INT32, MAX_INT32, "an offset", where);
  const shape = commonShape(program, inputs, where);
  const ranges = inputs.map((id) => program.tensors[id].range);
  // With each term in the field's range, their sum is exact in doubles even where large terms cancel.
  ranges.forEach((range, index) => {
    checkNoWrap(combinedRange([range], [factors[index]], 0), 0, where);
  });
  const rest = roundingRest(program, operator);
  const range = rest === null ? combinedRange(ranges, factors, offset) : combinedRange([rest], [1], offset);
  return { shape, range, quant: null };
}
