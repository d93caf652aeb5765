import type { Transpose } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { checkAxis } from "./axis.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/** The axes in another order; values and their meaning stay. */
export function transposeRule(program: ProgramStructure, operator: Transpose, where: string): DerivedOutput {
  const { permutation } = operator;
  const { shape, range, quant } = program.tensors[operator.input];
  for (const axis of permutation) checkAxis(axis, shape, where);
  if (permutation.length !== shape.length || new Set(permutation).size !== shape.length) {
    throw invalidProgram(where, `[${permutation}] is not an order of the axes of [${shape}]`);
  }
  return { shape: permutation.map((axis) => shape[axis]), range, quant };
}
