import { sameShape } from "../../tensor/shape.ts";
import { accumulatorRange } from "../declaredRanges.ts";
import type { BatchMatMul } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/** left is […, I, K], right […, J, K], the axes before them alike; the output is […, I, J]. */
export function batchMatMulRule(
  program: ProgramStructure,
  operator: BatchMatMul,
  where: string,
): DerivedOutput {
  const left = program.tensors[operator.left];
  const right = program.tensors[operator.right];
  const length = left.shape.at(-1);
  const agree =
    left.shape.length >= 2 &&
    right.shape.at(-1) === length &&
    sameShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
  if (length === undefined || !agree) {
    throw invalidProgram(where, `expected […, I, K] and […, J, K], got [${left.shape}] and [${right.shape}]`);
  }
  return {
    shape: [...left.shape.slice(0, -1), right.shape[right.shape.length - 2]],
    range: accumulatorRange(length, left.range, right.range, null),
    quant: null,
  };
}
