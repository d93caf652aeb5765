/**
 * What a Merkle path without salts gives away. The opened columns and a guess of a tree's only row determine its uniform
 * cells, hence every other column; a leaf hash that the path shows then tells whether the guess is right.
 */
import type { TreeName } from "../../../claims/plan.ts";
import { circleEncode } from "../../../code/circle.ts";
import { TREE_LABEL } from "../../../commitment/opening.ts";
import { rowLength, type StackLayout } from "../../../commitment/stackLayout.ts";
import { nullSpace } from "../../../commitment/testing/linearAlgebra.ts";
import { add, fromInteger, mul, sub } from "../../../field/m31.ts";
import { hashLeaf, missingSiblings, SALT_BYTES } from "../../../hash/merkle.ts";
import type { View } from "./trial.ts";

/** Whether the view's path shows a leaf of the row with this data, if its salt is zero. One row of D cells, t = Q. */
export function confirmsRow(
  layout: StackLayout,
  view: View,
  name: TreeName,
  data: readonly number[],
): boolean {
  const { logColumns, logLength } = layout.parameters;
  const index = layout.trees.findIndex((tree) => tree.name === name);
  const { numRows, randomCells } = layout.trees[index];
  const { positions, trees } = view;
  if (numRows !== 1 || randomCells !== positions.length || data.length > 2 ** logColumns) {
    throw new RangeError(`no tree of one row with as many uniform cells as queries: ${name}`);
  }
  const known = circleEncode(Uint32Array.from(data, fromInteger), logLength);
  const cells = Array.from({ length: randomCells }, (_, cell) => {
    const unit = new Uint32Array(rowLength(layout.parameters));
    unit[2 ** logColumns + cell] = 1;
    return circleEncode(unit, logLength);
  });
  const opened = trees[index];
  // Σ cell·codeword = symbol − known, as a dependence between the codewords and the right side.
  const equations = positions.map((position, i) =>
    Uint32Array.from([
      ...cells.map((codeword) => codeword[position]),
      sub(known[position], opened.columns[i]),
    ]),
  );
  const [solution] = nullSpace(equations, randomCells + 1);
  const [[position]] = missingSiblings(positions, logLength);
  const symbol = cells.reduce(
    (sum, codeword, cell) => add(sum, mul(solution[cell], codeword[position])),
    known[position],
  );
  const leaf = hashLeaf(TREE_LABEL[name], position, new Uint8Array(SALT_BYTES), Uint32Array.of(symbol));
  return leaf.every((byte, i) => byte === opened.path[0][i]);
}
