import { declaredAccumulatorRange } from "../declaredRanges.ts";
import type { MatMul } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/** weight is [M, K], bias [M], input […, K]; the output is […, M]. */
export function matMulRule(program: ProgramStructure, operator: MatMul, where: string): DerivedOutput {
  const input = program.tensors[operator.input].shape;
  const weight = program.constants[operator.weight].shape;
  if (weight.length !== 2) throw invalidProgram(where, `expected a weight of two axes, got [${weight}]`);
  if (input.at(-1) !== weight[1]) {
    throw invalidProgram(where, `expected an input with a last axis of ${weight[1]}, got [${input}]`);
  }
  if (operator.bias !== null) {
    const bias = program.constants[operator.bias].shape;
    if (bias.length !== 1 || bias[0] !== weight[0]) {
      throw invalidProgram(where, `expected a bias of shape [${weight[0]}], got [${bias}]`);
    }
  }
  const shape = [...input.slice(0, -1), weight[0]];
  return { shape, range: declaredAccumulatorRange(program, operator), quant: null };
}
