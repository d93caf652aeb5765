/** Which rows of their table looked-up tuples are. */
import { add, mul, P } from "../../field/m31.ts";
import type { TableAddress } from "../planBuilder.ts";

/** Writes the table rows that virtual cells [from, to) address into `rows`; beyond the table for a tuple not in it. */
export type RowFinder = (from: number, to: number, rows: Int32Array) => void;

export function rowFinder(words: Uint32Array, columns: readonly number[], address: TableAddress): RowFinder {
  if (address.kind === "pieces") {
    const { table } = address;
    const low = columns[1] / 4;
    const channel = columns[3] / 4;
    return (from, to, rows) => {
      for (let cell = from; cell < to; cell++) {
        const residue = words[low + cell];
        rows[cell - from] = table.rowOf(words[channel + cell], residue > P / 2 ? residue - P : residue);
      }
    };
  }
  const { constant, factors } = address;
  const used = factors.flatMap((factor, c) => (factor === 0 ? [] : [{ factor, base: columns[c] / 4 }]));
  return (from, to, rows) => {
    rows.fill(constant, 0, to - from);
    for (const { factor, base } of used) {
      if (factor === 1) {
        for (let cell = from; cell < to; cell++)
          rows[cell - from] = add(rows[cell - from], words[base + cell]);
      } else {
        for (let cell = from; cell < to; cell++)
          rows[cell - from] = add(rows[cell - from], mul(factor, words[base + cell]));
      }
    }
  };
}
