/**
 * An ensemble of decision trees over the last axis, as a table of records (`graph/trees/treeTable.ts`). Inputs: x […, F],
 * feature [A], threshold [A], left [A], values [A, width]. Output: […, targets], the sum of the leaves that are reached.
 * Attribute `missing` is 1 where the file has directions for missing values.
 */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { floatTensor, intTensor, type Tensor } from "../../tensor/tensor.ts";
import { intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";
import type { TreeTable } from "../trees/treeTable.ts";

export const TREE_ENSEMBLE = "TreeEnsemble";

export interface EnsembleSizes {
  readonly numTrees: number;
  readonly depth: number;
  readonly numTargets: number;
}

export function ensembleSizes(node: Node): EnsembleSizes {
  return {
    numTrees: intAttribute(node, "trees", 1),
    depth: intAttribute(node, "depth", 1),
    numTargets: intAttribute(node, "targets", 1),
  };
}

/** The constants that the node reads after x, by name, in order. */
export function ensembleConstants(table: TreeTable): readonly (readonly [string, Tensor])[] {
  const size = table.left.length;
  return [
    ["node features", intTensor([size], table.feature)],
    ["node thresholds", floatTensor([size], table.threshold)],
    ["node children", intTensor([size], table.left)],
    ["node leaves", floatTensor([size, table.width], table.values)],
  ];
}

export function ensembleAttributes(table: TreeTable, numTargets: number): Record<string, number> {
  return { trees: table.numTrees, depth: table.depth, targets: numTargets };
}

/** Adds the leaves that one row reaches to `sums`. */
export function addLeaves(
  row: ArrayLike<number>,
  table: {
    readonly feature: ArrayLike<number>;
    readonly threshold: ArrayLike<number>;
    readonly left: ArrayLike<number>;
    readonly values: ArrayLike<number>;
  },
  { numTrees, depth }: EnsembleSizes,
  sums: Float64Array,
): void {
  const width = table.values.length / table.left.length;
  const perTarget = numTrees / sums.length;
  for (let tree = 0; tree < numTrees; tree++) {
    let at = tree;
    for (let level = 0; level < depth; level++)
      at = table.left[at] + (row[table.feature[at]] <= table.threshold[at] ? 0 : 1);
    if (width < sums.length) sums[Math.floor(tree / perTarget)] += table.values[at];
    else for (let k = 0; k < width; k++) sums[k] += table.values[at * width + k];
  }
}

export const MISSING_VALUES_NOTE =
  "its nodes have directions for missing values, which are not part of the program: rows with missing values are refused";

export const treeEnsemble: OperatorDefinition = {
  operator: TREE_ENSEMBLE,
  note: (node) => (intAttribute(node, "missing", 0) === 0 ? undefined : MISSING_VALUES_NOTE),
  infer(node, inputs) {
    const { shape } = requiredFacts(node, inputs, 0);
    let most = 0;
    for (const feature of requiredFacts(node, inputs, 1).value?.data ?? []) most = Math.max(most, feature);
    const length = shape.at(-1) ?? 0;
    if (most >= length)
      throw shapeMismatch(node, `compares feature ${most}, but its input has ${length} of them`);
    return [{ shape: [...shape.slice(0, -1), ensembleSizes(node).numTargets], type: "float32" }];
  },
  evaluate(node, inputs, [shape]) {
    const [x, feature, threshold, left, values] = [0, 1, 2, 3, 4].map((i) => requiredTensor(node, inputs, i));
    const length = x.shape[x.shape.length - 1];
    const sizes = ensembleSizes(node);
    const table = { feature: feature.data, threshold: threshold.data, left: left.data, values: values.data };
    const out = new Float32Array((x.data.length / length) * sizes.numTargets);
    // Every comparison with NaN fails, also that of a leaf which goes on at itself.
    const missing = x.data.findIndex(Number.isNaN);
    if (missing >= 0) {
      const where = `row ${Math.floor(missing / length)}, feature ${missing % length}`;
      const message = `node "${node.name}": ${where}: a value is missing (NaN); trees take complete rows`;
      throw new TensorproofError("input.nonFinite", message, { where });
    }
    for (let row = 0; row < x.data.length / length; row++) {
      const sums = new Float64Array(sizes.numTargets);
      addLeaves(x.data.subarray(row * length, (row + 1) * length), table, sizes, sums);
      out.set(sums, row * sizes.numTargets);
    }
    return [floatTensor(shape, out)];
  },
};
