/** Attributes of TreeEnsembleClassifier and TreeEnsembleRegressor → trees. */

import { attribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import { equalToOneOf } from "../../trees/membership.ts";
import { atMost, below } from "../../trees/thresholds.ts";
import type { Tree, TreeEntry } from "../../trees/tree.ts";
import { badAttribute, numbersOf } from "./labels.ts";

/** What a leaf adds to a target. */
export interface LeafWeight {
  readonly target: number;
  readonly weight: number;
}

export const DIRECTIONS = "nodes_missing_value_tracks_true";

/** Which way a missing value goes is read, though none can be proven: a file that lies about it lies about more. */
export function checkMissingDirections(node: Node, numNodes: number): void {
  const directions = numbersOf(node, DIRECTIONS);
  if (directions.length !== 0 && directions.length !== numNodes)
    throw badAttribute(node, `${directions.length} ${DIRECTIONS} for ${numNodes} nodes`);
  if (!directions.every((value) => value === 0 || value === 1))
    throw badAttribute(node, `${DIRECTIONS} should be 0 or 1 each`);
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

/** What a node of a tree says. */
export interface Branch {
  readonly mode: string;
  readonly feature: number;
  /** What it compares with: a number, or for BRANCH_MEMBER any of several. */
  readonly values: readonly number[];
  /** Positions in the tree's entries. */
  readonly yes: number;
  readonly no: number;
}

/** Sends x to `yes` where the mode's comparison holds. */
export function branchEntry(node: Node, { mode, feature, values, yes, no }: Branch): TreeEntry {
  const [t] = values;
  // Refused with the place of the node by what makes the table.
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
    case "BRANCH_EQ":
    case "BRANCH_MEMBER":
      return { feature, cuts: equalToOneOf(values), yes, no };
    case "BRANCH_NEQ":
      return { feature, cuts: equalToOneOf(values), yes: no, no: yes };
    default:
      throw badAttribute(
        node,
        `a node compares by ${mode}; supported are BRANCH_LEQ, _LT, _GT, _GTE, _EQ, _NEQ and _MEMBER`,
      );
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
  checkMissingDirections(node, treeIds.length);
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
    const entries = rows.map((row): TreeEntry => {
      if (modes[row] === "LEAF") return { values: valuesOf(weights.get(key(treeId, nodeIds[row])) ?? []) };
      return branchEntry(node, {
        mode: modes[row],
        feature: features[row],
        values: [thresholds[row]],
        yes: childOf(yes[row]),
        no: childOf(no[row]),
      });
    });
    return { name: `tree ${treeId}`, entries, target: null };
  });
}
