/** All nodes of an ensemble of decision trees as records of one table, so that a path is a sequence of look-ups. */

import { badTree, MAX_RECORDS, Records } from "./records.ts";
import type { Tree } from "./tree.ts";

export interface Ensemble {
  readonly trees: readonly Tree[];
  readonly numFeatures: number;
  readonly numTargets: number;
  /** What each target has without any tree. */
  readonly base: readonly number[];
}

/**
 * Record n says: where x[feature[n]] ≤ threshold[n] go on at left[n], else at left[n] + 1. Records 0 … numTrees − 1 are the
 * roots. A leaf goes on at itself, with a threshold that nothing exceeds, and so does a record that only leads to another
 * one. The last record is never reached.
 */
export interface TreeTable {
  readonly numTrees: number;
  /** Steps after which every path has reached its leaf; at least 1. */
  readonly depth: number;
  readonly feature: Float64Array;
  readonly threshold: Float32Array;
  readonly left: Float64Array;
  /** [records, width] */
  readonly values: Float32Array;
  /** Number of targets, or 1: then each target has as many trees as any other, in order of the targets. */
  readonly width: number;
}

const MAX_FEATURES = 2 ** 16;
const MAX_TARGETS = 2 ** 12;
/** Values of leaves in all. */
const MAX_VALUES = 2 ** 24;

/**
 * Called before anything is allocated for each target.
 *
 * @throws TensorproofError `model.badTree` for too many targets, or too many values in so many leaves
 */
export function checkTargets(numTargets: number, numLeaves: number): void {
  if (!Number.isInteger(numTargets) || numTargets < 1 || numTargets > MAX_TARGETS)
    throw badTree("ensemble", `has ${numTargets} targets; 1 to ${MAX_TARGETS} are supported`);
  if (numTargets * numLeaves > MAX_VALUES)
    throw badTree(
      "ensemble",
      `has ${numLeaves} nodes for ${numTargets} targets; at most ${MAX_VALUES} values are supported`,
    );
}

function checkSizes({ trees, numFeatures, numTargets, base }: Ensemble): void {
  const entries = trees.reduce((sum, tree) => sum + tree.entries.length, 0);
  if (trees.length === 0) throw badTree("ensemble", "has no trees");
  if (entries > MAX_RECORDS)
    throw badTree("ensemble", `has ${entries} nodes; at most ${MAX_RECORDS} are supported`);
  if (!Number.isInteger(numFeatures) || numFeatures < 1 || numFeatures > MAX_FEATURES)
    throw badTree("ensemble", `has ${numFeatures} features; 1 to ${MAX_FEATURES} are supported`);
  checkTargets(numTargets, entries);
  if (base.length !== numTargets || !base.every(Number.isFinite))
    throw badTree("ensemble", `has base scores [${base}], but ${numTargets} targets`);
}

/** Whether every tree has one target, and every target as many trees as any other. */
function isEven({ trees, numTargets }: Ensemble): boolean {
  const counts = new Array<number>(numTargets).fill(0);
  for (const { target } of trees) {
    if (target === null) return false;
    counts[target]++;
  }
  return counts.every((count) => count === counts[0]);
}

/**
 * @throws TensorproofError `model.badTree` naming the tree and the node: a child or a feature that does not exist, a cycle, a
 * threshold or a leaf that is not finite, too many nodes, records or levels
 */
export function treeTable(ensemble: Ensemble): TreeTable {
  checkSizes(ensemble);
  const { numFeatures, numTargets, base } = ensemble;
  for (const { name, target, entries } of ensemble.trees) {
    if (entries.length === 0) throw badTree(name, "has no nodes");
    if (target !== null && !(Number.isInteger(target) && target >= 0 && target < numTargets))
      throw badTree(name, `adds to target ${target} of ${numTargets}`);
  }
  const grouped = isEven(ensemble);
  const width = grouped ? 1 : numTargets;
  const trees = grouped
    ? ensemble.trees.toSorted((a, b) => (a.target ?? 0) - (b.target ?? 0))
    : ensemble.trees;
  const perTarget = trees.length / numTargets;
  const records = new Records();
  const roots = trees.map(() => records.reserve());
  trees.forEach((tree, t) => {
    const added = grouped
      ? [t % perTarget === 0 ? base[tree.target ?? 0] : 0]
      : base.map((value) => (t === 0 ? value : 0));
    records.place(tree, roots[t], numFeatures, ({ values }) => {
      const isSparse = tree.target !== null;
      if (values.length !== (isSparse ? 1 : numTargets))
        throw badTree(
          tree.name,
          `has a leaf of ${values.length} values; the model has ${numTargets} targets`,
        );
      if (!values.every(Number.isFinite)) throw badTree(tree.name, "has a leaf that is not finite");
      return added.map((value, k) => {
        if (!isSparse || grouped) return value + values[k];
        return k === tree.target ? value + values[0] : value;
      });
    });
  });
  records.reserve();
  const values = new Float32Array(records.left.length * width);
  records.values.forEach((row, record) => {
    values.set(row, record * width);
  });
  return {
    numTrees: trees.length,
    depth: records.depth,
    feature: Float64Array.from(records.feature),
    threshold: Float32Array.from(records.threshold),
    left: Float64Array.from(records.left),
    values,
    width,
  };
}
