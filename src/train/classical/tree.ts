/** Decision trees by recursive splitting (CART, Breiman et al. 1984): Gini impurity of classes, variance of real targets. */
import type { Samples, Task } from "../data/dataset.ts";

export interface TreeOptions {
  /** Comparisons from root to leaf, at most. */
  readonly maxDepth: number;
  /** A split leaves at least so many training samples on either side. */
  readonly minLeaf: number;
}

export type TreeNode =
  | {
      readonly kind: "split";
      readonly feature: number;
      /** In single precision; x ≤ threshold goes to `yes`. */
      readonly threshold: number;
      readonly yes: TreeNode;
      readonly no: TreeNode;
    }
  /** The share of each class, or one mean. */
  | { readonly kind: "leaf"; readonly values: readonly number[] };

/** Adds samples to one side and takes them from the other; tells what both sides are worth together. */
interface SplitMeasure {
  readonly move: (sample: number) => void;
  /** Larger is better; comparable among splits of the same samples. */
  readonly worth: () => number;
}

/** Worth is the sum over both sides of (Σ count²) / samples, for which Gini's impurity is n − worth. */
function classMeasure(samples: Uint32Array, targets: Float64Array, classes: number): SplitMeasure {
  const below = new Float64Array(classes);
  const above = new Float64Array(classes);
  for (const sample of samples) above[targets[sample]]++;
  let moved = 0;
  let squaresBelow = 0;
  let squaresAbove = above.reduce((sum, count) => sum + count * count, 0);
  return {
    move: (sample) => {
      const c = targets[sample];
      squaresBelow += 2 * below[c]++ + 1;
      squaresAbove -= 2 * above[c]-- - 1;
      moved++;
    },
    worth: () => squaresBelow / moved + squaresAbove / (samples.length - moved),
  };
}

/** Worth is the sum over both sides of (Σ y)² / samples, for which the squared error is Σ y² − worth. */
function meanMeasure(samples: Uint32Array, targets: Float64Array): SplitMeasure {
  let above = 0;
  for (const sample of samples) above += targets[sample];
  let below = 0;
  let moved = 0;
  return {
    move: (sample) => {
      below += targets[sample];
      above -= targets[sample];
      moved++;
    },
    worth: () => (below * below) / moved + (above * above) / (samples.length - moved),
  };
}

/** Of equally good splits the first feature's, with the lowest threshold: the same samples give the same tree. */
export function growTree({ count, inputs, targets }: Samples, task: Task, options: TreeOptions): TreeNode {
  const width = inputs.length / count;
  const numClasses = task.kind === "regression" ? 0 : task.classes.length;
  const leafOf = (samples: Uint32Array): TreeNode => {
    const values = new Array<number>(Math.max(numClasses, 1)).fill(0);
    for (const n of samples) {
      if (numClasses > 0) values[targets[n]] += 1 / samples.length;
      else values[0] += targets[n] / samples.length;
    }
    return { kind: "leaf", values };
  };
  const measureOf = (samples: Uint32Array): SplitMeasure =>
    numClasses > 0 ? classMeasure(samples, targets, numClasses) : meanMeasure(samples, targets);
  const grow = (samples: Uint32Array, depth: number): TreeNode => {
    const isPure = samples.every((n) => targets[n] === targets[samples[0]]);
    if (isPure || depth === options.maxDepth || samples.length < 2 * options.minLeaf) return leafOf(samples);
    let best: { feature: number; threshold: number } | null = null;
    let most = -Infinity;
    for (let feature = 0; feature < width; feature++) {
      const ordered = samples
        .slice()
        .sort((a, b) => inputs[a * width + feature] - inputs[b * width + feature] || a - b);
      const measure = measureOf(samples);
      for (let i = 0; i + 1 < ordered.length; i++) {
        measure.move(ordered[i]);
        const [low, high] = [inputs[ordered[i] * width + feature], inputs[ordered[i + 1] * width + feature]];
        if (low === high || i + 1 < options.minLeaf || ordered.length - i - 1 < options.minLeaf) continue;
        const worth = measure.worth();
        if (worth <= most) continue;
        most = worth;
        best = { feature, threshold: between(low, high) };
      }
    }
    if (best === null) return leafOf(samples);
    const { feature, threshold } = best;
    const isBelow = (n: number): boolean => inputs[n * width + feature] <= threshold;
    return {
      kind: "split",
      feature,
      threshold,
      yes: grow(samples.filter(isBelow), depth + 1),
      no: grow(
        samples.filter((n) => !isBelow(n)),
        depth + 1,
      ),
    };
  };
  return grow(
    Uint32Array.from({ length: count }, (_, n) => n),
    0,
  );
}

/** The middle in single precision, or the lower where that would be the upper. */
function between(low: number, high: number): number {
  const middle = Math.fround((low + high) / 2);
  return middle < high ? middle : low;
}

/** Values of the leaves that samples reach, one after another. */
export function treeOutputs(tree: TreeNode, { count, inputs }: Samples): Float64Array {
  const width = inputs.length / count;
  const reached = Array.from({ length: count }, (_, n) => {
    let node = tree;
    while (node.kind === "split")
      node = inputs[n * width + node.feature] <= node.threshold ? node.yes : node.no;
    return node.values;
  });
  return Float64Array.from(reached.flat());
}

export function treeSize(tree: TreeNode): { nodes: number; leaves: number; depth: number } {
  if (tree.kind === "leaf") return { nodes: 1, leaves: 1, depth: 0 };
  const [yes, no] = [treeSize(tree.yes), treeSize(tree.no)];
  return {
    nodes: 1 + yes.nodes + no.nodes,
    leaves: yes.leaves + no.leaves,
    depth: 1 + Math.max(yes.depth, no.depth),
  };
}
