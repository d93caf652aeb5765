/** TreeEnsemble of ai.onnx.ml 5, where all trees share one list of nodes and one of leaves. */

import { intAttribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import type { Tree, TreeEntry } from "../../trees/tree.ts";
import { badAttribute, numbersOf } from "./labels.ts";
import { branchEntry, checkMissingDirections } from "./treeAttributes.ts";

/** In the order of their numbers. */
const MODES = ["LEQ", "LT", "GTE", "GT", "EQ", "NEQ", "MEMBER"] as const;
const MEMBER = MODES.indexOf("MEMBER");
const TRANSFORMS = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"] as const;
const AGGREGATES = ["AVERAGE", "SUM", "MIN", "MAX"] as const;

function nameOf(node: Node, names: readonly string[], attribute: string, fallback: string): string {
  const number = intAttribute(node, attribute, names.indexOf(fallback));
  if (number >= 0 && number < names.length) return names[number];
  throw badAttribute(node, `${attribute} ${number} is unknown`);
}

export const transformName = (node: Node): string => nameOf(node, TRANSFORMS, "post_transform", "NONE");
export const aggregateName = (node: Node): string => nameOf(node, AGGREGATES, "aggregate_function", "SUM");

/** The sets of the nodes that test for membership, by node: they follow each other with a NaN after each. */
function memberSets(node: Node, modes: readonly number[]): Map<number, readonly number[]> {
  const sets: number[][] = [[]];
  for (const value of numbersOf(node, "membership_values")) {
    if (Number.isNaN(value)) sets.push([]);
    else sets[sets.length - 1].push(value);
  }
  // After the last one the NaN may stand or not.
  if (sets[sets.length - 1].length === 0) sets.pop();
  const members = modes.flatMap((mode, at) => (mode === MEMBER ? [at] : []));
  if (sets.length !== members.length)
    throw badAttribute(
      node,
      `membership_values hold ${sets.length} sets, but ${members.length} nodes test for one`,
    );
  return new Map(members.map((at, i) => [at, sets[i]]));
}

interface Lists {
  readonly modes: readonly number[];
  readonly features: readonly number[];
  readonly splits: readonly number[];
  /** Of each node, first where the comparison holds, then where it does not. */
  readonly children: readonly (readonly number[])[];
  readonly areLeaves: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

function readLists(node: Node): Lists {
  const lists = (...names: readonly string[]): (readonly number[])[] =>
    names.map((name) => numbersOf(node, name));
  const [modes, features, splits] = lists("nodes_modes", "nodes_featureids", "nodes_splits");
  const children = lists("nodes_truenodeids", "nodes_falsenodeids");
  const areLeaves = lists("nodes_trueleafs", "nodes_falseleafs");
  const [targets, weights] = lists("leaf_targetids", "leaf_weights");
  if ([features, splits, ...children, ...areLeaves].some(({ length }) => length !== modes.length))
    throw badAttribute(node, "its lists nodes_… have different lengths");
  if (targets.length !== weights.length) throw badAttribute(node, "its lists leaf_… have different lengths");
  checkMissingDirections(node, modes.length);
  return { modes, features, splits, children, areLeaves, targets, weights };
}

/** @throws TensorproofError `model.badAttribute`; `valuesOf` gives a leaf's values from its target and weight. */
export function readSharedTrees(
  node: Node,
  valuesOf: (target: number, weight: number) => readonly number[],
): Tree[] {
  const lists = readLists(node);
  const { modes, features, splits, children, areLeaves, targets, weights } = lists;
  const sets = memberSets(node, modes);
  const taken = new Set<number>();
  const treeOf = (root: number, index: number): Tree => {
    const name = `tree ${index}`;
    const entries: TreeEntry[] = [];
    // What each entry is read from, the root first; leaves are read at once, one for each edge.
    const nodes = [root];
    const placeOf = (at: number, side: number): number => {
      nodes.push(areLeaves[side][at] === 0 ? children[side][at] : -1 - children[side][at]);
      return nodes.length - 1;
    };
    for (const at of nodes) {
      if (at < 0) {
        const leaf = -1 - at;
        if (!(leaf < weights.length))
          throw badAttribute(node, `${name} has leaf ${leaf} of ${weights.length}`);
        entries.push({ values: valuesOf(targets[leaf], weights[leaf]) });
        continue;
      }
      if (!(at < modes.length)) throw badAttribute(node, `${name} has node ${at} of ${modes.length}`);
      if (taken.has(at))
        throw badAttribute(node, `${name} reaches node ${at}, which is reached on another way too`);
      taken.add(at);
      entries.push(
        branchEntry(node, {
          mode: `BRANCH_${MODES[modes[at]] ?? modes[at]}`,
          feature: features[at],
          values: sets.get(at) ?? [splits[at]],
          yes: placeOf(at, 0),
          no: placeOf(at, 1),
        }),
      );
    }
    return { name, entries, target: null };
  };
  return numbersOf(node, "tree_roots").map((root, index) => {
    if (!(root >= 0)) throw badAttribute(node, `tree ${index} begins at node ${root}`);
    return treeOf(root, index);
  });
}
