/** Which row of its table a looked-up tuple is. */
import { add, mul, P } from "../../field/m31.ts";
import type { TableAddress } from "../planBuilder.ts";

/** The table row that a virtual cell addresses; beyond the table for a tuple that is not in it. */
export function rowFinder(
  words: Uint32Array,
  columns: readonly number[],
  address: TableAddress,
): (virtual: number) => number {
  if (address.kind === "pieces") {
    const { table } = address;
    const [, low, , channel] = columns;
    return (virtual) => {
      const residue = words[low / 4 + virtual];
      const x = residue > P / 2 ? residue - P : residue;
      return table.rowOf(words[channel / 4 + virtual], x);
    };
  }
  const { constant, factors } = address;
  const used = factors.flatMap((factor, c) => (factor === 0 ? [] : [{ factor, base: columns[c] / 4 }]));
  if (used.length === 1 && used[0].factor === 1) {
    const [{ base }] = used;
    return (virtual) => add(constant, words[base + virtual]);
  }
  return (virtual) =>
    used.reduce((row, { factor, base }) => add(row, mul(factor, words[base + virtual])), constant);
}
