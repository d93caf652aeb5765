/** The values a statement speaks about, from a program. */
import type { ProgramTensor, TensorId } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import type { StatementValue } from "./statement.ts";

/** `values`: by position in `ids`; null if they stay hidden. */
export function describeValues(
  program: ProgramStructure,
  ids: readonly TensorId[],
  values: readonly Int32Array[] | null,
): StatementValue[] {
  return ids.map((id, i) => {
    const { name, shape, range, quant } = program.tensors[id];
    return { name, shape, range, quant, values: values === null ? null : values[i] };
  });
}

/** True if the description is exactly that of the program's tensor. */
export function describes(value: StatementValue, tensor: ProgramTensor): boolean {
  return (
    value.name === tensor.name &&
    value.shape.length === tensor.shape.length &&
    value.shape.every((length, axis) => length === tensor.shape[axis]) &&
    value.range.lo === tensor.range.lo &&
    value.range.hi === tensor.range.hi &&
    value.quant.scale === tensor.quant.scale &&
    value.quant.zeroPoint === tensor.quant.zeroPoint
  );
}
