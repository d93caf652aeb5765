import { productRange } from "../declaredRanges.ts";
import type { Multiply } from "../program.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";
import { commonShape } from "./elementwise.ts";

/** Inputs of one shape. A square is taken for a product of two independent factors. */
export function multiplyRule(program: ProgramStructure, operator: Multiply, where: string): DerivedOutput {
  const { left, right } = operator;
  const shape = commonShape(program, [left, right], where);
  return {
    shape,
    range: productRange(program.tensors[left].range, program.tensors[right].range),
    quant: null,
  };
}
