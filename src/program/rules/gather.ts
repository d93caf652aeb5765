import { sameShape } from "../../tensor/shape.ts";
import type { Gather } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

/**
 * table is [B…, A, R…], index [B…, O…], the output [B…, O…, R…]. No index in its declared range may lie outside the
 * table: the proof looks entries up by their position in all of it, and one row's index must not reach another row.
 */
export function gatherRule(program: ProgramStructure, operator: Gather, where: string): DerivedOutput {
  const { batchAxes } = operator;
  const table = program.tensors[operator.table];
  const index = program.tensors[operator.index];
  const agree =
    batchAxes < table.shape.length &&
    batchAxes <= index.shape.length &&
    sameShape(table.shape.slice(0, batchAxes), index.shape.slice(0, batchAxes));
  if (!agree) {
    const shapes = `[${table.shape}] and [${index.shape}]`;
    throw invalidProgram(where, `expected a table and an index that share ${batchAxes} axes, got ${shapes}`);
  }
  const numEntries = table.shape[batchAxes];
  const { lo, hi } = index.range;
  if (lo < 0 || hi >= numEntries) {
    throw invalidProgram(
      where,
      `its index is declared in [${lo}, ${hi}]; the table has ${numEntries} entries`,
    );
  }
  return {
    shape: [...index.shape, ...table.shape.slice(batchAxes + 1)],
    range: table.range,
    quant: table.quant,
  };
}
