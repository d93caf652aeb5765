import type { ConstantTensor } from "../program.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/** Shape, declared range and meaning of the constant. */
export function constantRule(program: ProgramStructure, operator: ConstantTensor): DerivedOutput {
  const { shape, range, quant } = program.constants[operator.constant];
  return { shape, range, quant };
}
