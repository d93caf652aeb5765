import { sameShape } from "../../tensor/shape.ts";
import type { TensorId } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";

/** The one shape of all these tensors; throws `program.invalid` if they differ. */
export function commonShape(
  program: ProgramStructure,
  inputs: readonly TensorId[],
  where: string,
): readonly number[] {
  const { shape } = program.tensors[inputs[0]];
  for (const id of inputs) {
    const other = program.tensors[id].shape;
    if (!sameShape(shape, other)) {
      throw invalidProgram(where, `expected inputs of one shape, got [${shape}] and [${other}]`);
    }
  }
  return shape;
}
