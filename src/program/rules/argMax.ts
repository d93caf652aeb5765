import type { ArgMax } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/** The output loses the last axis; it is an index, so its integers mean themselves. */
export function argMaxRule(program: ProgramStructure, operator: ArgMax, where: string): DerivedOutput {
  const { shape } = program.tensors[operator.input];
  const length = shape.at(-1);
  if (length === undefined) throw invalidProgram(where, "expected an input of at least one axis");
  return { shape: shape.slice(0, -1), range: { lo: 0, hi: length - 1 }, quant: { scale: 1, zeroPoint: 0 } };
}
