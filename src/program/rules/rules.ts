import type { ProgramOperator } from "../program.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { argMaxRule } from "./argMax.ts";
import type { DerivedOutput } from "./derivedOutput.ts";
import { matMulRule } from "./matMul.ts";
import { requantiseRule } from "./requantise.ts";
import { reshapeRule } from "./reshape.ts";

/**
 * Checks what an operator asks of its inputs and says what its output must be declared as, from declared ranges only.
 * The operator's ids must be in range. `where` names it. Throws `program.invalid` or `program.rangeTooLarge`.
 */
export function deriveOutput(
  program: ProgramStructure,
  operator: ProgramOperator,
  where: string,
): DerivedOutput {
  switch (operator.kind) {
    case "matmul":
      return matMulRule(program, operator, where);
    case "requantise":
      return requantiseRule(program, operator, where);
    case "argmax":
      return argMaxRule(program, operator, where);
    case "reshape":
      return reshapeRule(program, operator, where);
  }
}
