import type { ProgramOperator } from "../program.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { argMaxRule } from "./argMax.ts";
import { batchMatMulRule } from "./batchMatMul.ts";
import { combineRule } from "./combine.ts";
import { concatRule } from "./concat.ts";
import { constantRule } from "./constant.ts";
import { convRule } from "./conv.ts";
import type { DerivedOutput } from "./derivedOutput.ts";
import { divideRule } from "./divide.ts";
import { gatherRule } from "./gather.ts";
import { matMulRule } from "./matMul.ts";
import { maxRule } from "./max.ts";
import { multiplyRule } from "./multiply.ts";
import { requantiseRule } from "./requantise.ts";
import { rescaleRule } from "./rescale.ts";
import { reshapeRule } from "./reshape.ts";
import { takeRule } from "./take.ts";
import { transposeRule } from "./transpose.ts";
import { windowSumRule } from "./windowSum.ts";

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
    case "batchMatMul":
      return batchMatMulRule(program, operator, where);
    case "gather":
      return gatherRule(program, operator, where);
    case "requantise":
      return requantiseRule(program, operator, where);
    case "argmax":
      return argMaxRule(program, operator, where);
    case "conv":
      return convRule(program, operator, where);
    case "combine":
      return combineRule(program, operator, where);
    case "multiply":
      return multiplyRule(program, operator, where);
    case "divide":
      return divideRule(program, operator, where);
    case "max":
      return maxRule(program, operator, where);
    case "rescale":
      return rescaleRule(program, operator, where);
    case "windowSum":
      return windowSumRule(program, operator, where);
    case "take":
      return takeRule(program, operator, where);
    case "transpose":
      return transposeRule(program, operator, where);
    case "concat":
      return concatRule(program, operator, where);
    case "constant":
      return constantRule(program, operator);
    case "reshape":
      return reshapeRule(program, operator, where);
  }
}
