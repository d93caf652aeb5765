import { windowSumRange } from "../declaredRanges.ts";
import type { WindowSum } from "../program.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { checkAxis, withLength } from "./axis.ts";
import type { DerivedOutput } from "./derivedOutput.ts";
import { checkedWindows } from "./window.ts";

/** The sum of n integers has n times their zero point, and n changes at a padded border: the program declares it. */
export function windowSumRule(program: ProgramStructure, operator: WindowSum, where: string): DerivedOutput {
  const { axis, size, stride, padBegin, padEnd } = operator;
  const { shape } = program.tensors[operator.input];
  checkAxis(axis, shape, where);
  const windows = checkedWindows({ length: shape[axis], size, stride, dilation: 1, padBegin, padEnd }, where);
  return { shape: withLength(shape, axis, windows), range: windowSumRange(program, operator), quant: null };
}
