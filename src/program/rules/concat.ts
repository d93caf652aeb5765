import { sameShape } from "../../tensor/shape.ts";
import { hullOf } from "../intRange.ts";
import type { Concat } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { checkAxis, withLength } from "./axis.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/** Inputs that differ along one axis at most. Their integers mean the same only if the program gives all one scale. */
export function concatRule(program: ProgramStructure, operator: Concat, where: string): DerivedOutput {
  const { axis } = operator;
  if (operator.inputs.length === 0) throw invalidProgram(where, "expected at least one input");
  const inputs = operator.inputs.map((id) => program.tensors[id]);
  const { shape } = inputs[0];
  checkAxis(axis, shape, where);
  let length = 0;
  for (const input of inputs) {
    if (!sameShape(withLength(input.shape, axis, shape[axis]), shape)) {
      throw invalidProgram(where, `cannot join [${shape}] and [${input.shape}] along axis ${axis}`);
    }
    length += input.shape[axis];
  }
  return {
    shape: withLength(shape, axis, length),
    range: hullOf(inputs.map(({ range }) => range)),
    quant: null,
  };
}
