import { elementCount } from "../../tensor/shape.ts";
import type { Reshape } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/** Any shape with as many elements; values and their meaning stay. */
export function reshapeRule(program: ProgramStructure, operator: Reshape, where: string): DerivedOutput {
  const input = program.tensors[operator.input];
  const { shape } = program.tensors[operator.output];
  if (elementCount(shape) !== elementCount(input.shape)) {
    throw invalidProgram(where, `cannot reshape [${input.shape}] to [${shape}]`);
  }
  return { shape, range: input.range, quant: input.quant };
}
