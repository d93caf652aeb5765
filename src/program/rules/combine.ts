import { combinedRange } from "../declaredRanges.ts";
import type { Combine } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { checkInteger, MAX_INT32 } from "./checkInteger.ts";
import type { DerivedOutput } from "./derivedOutput.ts";
import { commonShape } from "./elementwise.ts";

/** Inputs of one shape, one factor other than 0 each. */
export function combineRule(program: ProgramStructure, operator: Combine, where: string): DerivedOutput {
  const { inputs, factors, offset } = operator;
  if (inputs.length === 0 || factors.length !== inputs.length) {
    throw invalidProgram(
      where,
      `expected at least one input and a factor for each, got ${inputs.length} and ${factors.length}`,
    );
  }
  for (const factor of factors) {
    checkInteger(factor, -MAX_INT32, MAX_INT32, "a factor", where);
    if (factor === 0) throw invalidProgram(where, "a factor of 0");
  }
  checkInteger(offset, -MAX_INT32, MAX_INT32, "an offset", where);
  const shape = commonShape(program, inputs, where);
  const ranges = inputs.map((id) => program.tensors[id].range);
  return { shape, range: combinedRange(ranges, factors, offset), quant: null };
}
