import type { Max } from "../program.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";
import { commonShape } from "./elementwise.ts";

/** Inputs of one shape. The larger of two integers means something only if both inputs have the output's scale. */
export function maxRule(program: ProgramStructure, operator: Max, where: string): DerivedOutput {
  const shape = commonShape(program, [operator.left, operator.right], where);
  const left = program.tensors[operator.left].range;
  const right = program.tensors[operator.right].range;
  const range = { lo: Math.max(left.lo, right.lo), hi: Math.max(left.hi, right.hi) };
  return { shape, range, quant: null };
}
