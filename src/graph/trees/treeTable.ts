/** All nodes of an ensemble of decision trees as records of one table, so that a path is a sequence of look-ups. */

import { TensorproofError } from "../../errors/tensorproofError.ts";

export interface Split {
  readonly feature: number;
  /** In single precision. x ≤ threshold goes to `yes`, all else to `no`: positions in the tree's entries. */
  readonly threshold: number;
  readonly yes: number;
  readonly no: number;
}

/** Of a tree with a target of its own one value, else one for each target. */
export interface Leaf {
  readonly values: readonly number[];
}

export interface Tree {
  /** For messages: "tree 3". */
  readonly name: string;
  /** The first one is the root. */
  readonly entries: readonly (Split | Leaf)[];
  /** The only target that the tree adds to; null: all of them. */
  readonly target: number | null;
}

export interface Ensemble {
  readonly trees: readonly Tree[];
  readonly numFeatures: number;
  readonly numTargets: number;
  /** What each target has without any tree. */
  readonly base: readonly number[];
}

/**
 * Record n says: where x[feature[n]] ≤ threshold[n] go on at left[n], else at left[n] + 1. Records 0 … numTrees − 1 are the
 * roots. A leaf goes on at itself, with a threshold that nothing exceeds. The last record is never reached.
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

/** Above all that a feature can be. */
export const NEVER_EXCEEDED: number = Math.fround(3.4028234663852886e38);
/** More records than any ensemble that would be proven in reasonable time. */
const MAX_RECORDS = 2 ** 20;
const MAX_DEPTH = 128;
const MAX_FEATURES = 2 ** 16;
const MAX_TARGETS = 2 ** 12;
/** Values of leaves in all. */
const MAX_VALUES = 2 ** 24;

function bad(where: string, reason: string): TensorproofError {
  return new TensorproofError("model.badTree", `${where}: ${reason}`, { where });
}

function checkSplit(tree: Tree, at: number, split: Split, numFeatures: number): void {
  const where = `${tree.name}, node ${at}`;
  const { feature, threshold } = split;
  if (!Number.isInteger(feature) || feature < 0 || feature >= numFeatures)
    throw bad(where, `compares feature ${feature}; the model has ${numFeatures} of them, counted from 0`);
  if (!Number.isFinite(threshold)) throw bad(where, `has the threshold ${threshold}, which is not finite`);
  for (const child of [split.yes, split.no]) {
    if (!Number.isInteger(child) || child < 0 || child >= tree.entries.length)
      throw bad(where, `has the child ${child}, which the tree lacks`);
  }
}

/**
 * Called before anything is allocated for each target.
 *
 * @throws TensorproofError `model.badTree` for too many targets, or too many values in so many leaves
 */
export function checkTargets(numTargets: number, numLeaves: number): void {
  if (!Number.isInteger(numTargets) || numTargets < 1 || numTargets > MAX_TARGETS)
    throw bad("ensemble", `has ${numTargets} targets; 1 to ${MAX_TARGETS} are supported`);
  if (numTargets * numLeaves > MAX_VALUES)
    throw bad(
      "ensemble",
      `has ${numLeaves} nodes for ${numTargets} targets; at most ${MAX_VALUES} values are supported`,
    );
}

function checkSizes({ trees, numFeatures, numTargets, base }: Ensemble): void {
  const entries = trees.reduce((sum, tree) => sum + tree.entries.length, 0);
  if (trees.length === 0) throw bad("ensemble", "has no trees");
  if (entries > MAX_RECORDS)
    throw bad("ensemble", `has ${entries} nodes; at most ${MAX_RECORDS} are supported`);
  if (!Number.isInteger(numFeatures) || numFeatures < 1 || numFeatures > MAX_FEATURES)
    throw bad("ensemble", `has ${numFeatures} features; 1 to ${MAX_FEATURES} are supported`);
  checkTargets(numTargets, entries);
  if (base.length !== numTargets || !base.every(Number.isFinite))
    throw bad("ensemble", `has base scores [${base}], but ${numTargets} targets`);
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

class Records {
  readonly feature: number[] = [];
  readonly threshold: number[] = [];
  readonly left: number[] = [];
  readonly values: (readonly number[])[] = [];
  depth = 1;

  /** Room for one more; returns its position. */
  reserve(): number {
    this.left.push(0);
    this.feature.push(0);
    this.threshold.push(NEVER_EXCEEDED);
    this.values.push([]);
    return this.left.length - 1;
  }

  /** Places what follows a root, level by level. A node that is reached twice is no tree's. */
  place(tree: Tree, root: number, numFeatures: number, valuesOf: (leaf: Leaf) => readonly number[]): void {
    const seen = new Set<number>([0]);
    let level = [{ at: 0, record: root }];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > MAX_DEPTH) throw bad(tree.name, `is deeper than ${MAX_DEPTH} levels`);
      this.depth = Math.max(this.depth, depth);
      const next: typeof level = [];
      for (const { at, record } of level) {
        const entry = tree.entries[at];
        if ("values" in entry) {
          this.left[record] = record;
          this.values[record] = valuesOf(entry);
          continue;
        }
        checkSplit(tree, at, entry, numFeatures);
        this.feature[record] = entry.feature;
        this.threshold[record] = entry.threshold;
        this.left[record] = this.left.length;
        for (const child of [entry.yes, entry.no]) {
          if (seen.has(child))
            throw bad(
              `${tree.name}, node ${at}`,
              `leads to node ${child}, which is reached on another way too`,
            );
          seen.add(child);
          next.push({ at: child, record: this.reserve() });
        }
      }
      level = next;
    }
  }
}

/**
 * @throws TensorproofError `model.badTree` naming the tree and the node: a child or a feature that does not exist, a cycle, a
 * threshold or a leaf that is not finite, too many nodes or levels
 */
export function treeTable(ensemble: Ensemble): TreeTable {
  checkSizes(ensemble);
  const { numFeatures, numTargets, base } = ensemble;
  for (const { name, target, entries } of ensemble.trees) {
    if (entries.length === 0) throw bad(name, "has no nodes");
    if (target !== null && !(Number.isInteger(target) && target >= 0 && target < numTargets))
      throw bad(name, `adds to target ${target} of ${numTargets}`);
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
        throw bad(tree.name, `has a leaf of ${values.length} values; the model has ${numTargets} targets`);
      if (!values.every(Number.isFinite)) throw bad(tree.name, "has a leaf that is not finite");
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

/** The largest number of single precision that is at most t: x ≤ t for such x means the same. */
export function atMost(t: number): number {
  const near = Math.fround(t);
  return near > t ? nextBelow(near) : near;
}

/** The largest number of single precision below t: x < t for such x is x ≤ that. */
export function below(t: number): number {
  const near = Math.fround(t);
  return near >= t ? nextBelow(near) : near;
}

function nextBelow(x: number): number {
  if (x === 0) return -(2 ** -149);
  const bits = new Int32Array(1);
  const real = new Float32Array(bits.buffer);
  real[0] = x;
  bits[0] += x > 0 ? -1 : 1;
  return real[0];
}
