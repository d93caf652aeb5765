/** Attributes of TreeEnsembleClassifier and TreeEnsembleRegressor → trees. */

import { attribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import { atMost, below, type Leaf, type Split, type Tree } from "../../trees/treeTable.ts";
import { badAttribute, numbersOf } from "./labels.ts";

/** What a leaf adds to a target. */
export interface LeafWeight {
  readonly target: number;
  readonly weight: number;
}

const key = (tree: number, node: number): string => `${tree} ${node}`;

/** Weights by tree and node. `prefix`: "class" or "target". */
function leafWeights(node: Node, prefix: string): Map<string, LeafWeight[]> {
  const [trees, nodes, targets, weights] = ["treeids", "nodeids", "ids", "weights"].map((what) =>
    numbersOf(node, `${prefix}_${what}`),
  );
  if ([nodes, targets, weights].some(({ length }) => length !== trees.length))
    throw badAttribute(node, `its lists ${prefix}_… have different lengths`);
  const found = new Map<string, LeafWeight[]>();
  trees.forEach((tree, i) => {
    const at = key(tree, nodes[i]);
    const known = found.get(at);
    const added = { target: targets[i], weight: weights[i] };
    if (known === undefined) found.set(at, [added]);
    else known.push(added);
  });
  return found;
}

/** A node that sends x to `yes` where the mode's comparison holds. */
function splitOf(node: Node, mode: string, feature: number, t: number, yes: number, no: number): Split {
  if (Number.isNaN(t)) return { feature, threshold: t, yes, no };
  switch (mode) {
    case "BRANCH_LEQ":
      return { feature, threshold: atMost(t), yes, no };
    case "BRANCH_LT":
      return { feature, threshold: below(t), yes, no };
    case "BRANCH_GT":
      return { feature, threshold: atMost(t), yes: no, no: yes };
    case "BRANCH_GTE":
      return { feature, threshold: below(t), yes: no, no: yes };
    default:
      throw badAttribute(node, `a node compares by ${mode}; supported are BRANCH_LEQ, _LT, _GT and _GTE`);
  }
}

/** @throws TensorproofError `model.badAttribute`; `valuesOf` gives a leaf's values from its weights. */
export function readTrees(
  node: Node,
  prefix: "class" | "target",
  valuesOf: (weights: readonly LeafWeight[]) => readonly number[],
): Tree[] {
  const names = ["treeids", "nodeids", "featureids", "values", "truenodeids", "falsenodeids"] as const;
  const [treeIds, nodeIds, features, thresholds, yes, no] = names.map((what) =>
    numbersOf(node, `nodes_${what}`),
  );
  const modes = attribute(node, "nodes_modes", "strings") ?? [];
  if ([nodeIds, features, thresholds, yes, no, modes].some(({ length }) => length !== treeIds.length))
    throw badAttribute(node, "its lists nodes_… have different lengths");
  const weights = leafWeights(node, prefix);
  const members = new Map<number, number[]>();
  treeIds.forEach((tree, i) => {
    const known = members.get(tree);
    if (known === undefined) members.set(tree, [i]);
    else known.push(i);
  });
  return [...members].map(([treeId, rows]): Tree => {
    const position = new Map(rows.map((row, at) => [nodeIds[row], at]));
    if (position.size !== rows.length) throw badAttribute(node, `tree ${treeId} has two nodes of one number`);
    const childOf = (id: number): number => position.get(id) ?? -1;
    const entries = rows.map((row): Split | Leaf => {
      if (modes[row] === "LEAF") return { values: valuesOf(weights.get(key(treeId, nodeIds[row])) ?? []) };
      return splitOf(node, modes[row], features[row], thresholds[row], childOf(yes[row]), childOf(no[row]));
    });
    return { name: `tree ${treeId}`, entries, target: null };
  });
}
