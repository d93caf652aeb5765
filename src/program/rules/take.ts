import { hullOf } from "../intRange.ts";
import type { Take } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { checkAxis, withLength } from "./axis.ts";
import { checkInteger, MAX_INT32 } from "./checkInteger.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/** Indices are public and written out, so their number is bounded. */
export const MAX_TAKE_INDICES: number = 2 ** 20;

/** Values and their meaning stay; the range grows by `fill` where it is used. An unused fill is 0: one form only. */
export function takeRule(program: ProgramStructure, operator: Take, where: string): DerivedOutput {
  const { axis, indices, fill } = operator;
  const input = program.tensors[operator.input];
  checkAxis(axis, input.shape, where);
  checkInteger(indices.length, 1, MAX_TAKE_INDICES, "a number of indices", where);
  checkInteger(fill, -MAX_INT32, MAX_INT32, "a fill", where);
  let isFilled = false;
  for (const index of indices) {
    if (index === -1) isFilled = true;
    else checkInteger(index, 0, input.shape[axis] - 1, "an index", where);
  }
  if (!isFilled && fill !== 0) throw invalidProgram(where, `a fill of ${fill} that no index asks for`);
  const range = isFilled ? hullOf([input.range, { lo: fill, hi: fill }]) : input.range;
  return { shape: withLength(input.shape, axis, indices.length), range, quant: input.quant };
}
