/** TreeEnsembleClassifier, TreeEnsembleRegressor and TreeEnsemble as the table of records that they stand for. */

import { attribute, intAttribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import { requiredFacts, type ValueFacts } from "../../operator.ts";
import type { Tree } from "../../trees/tree.ts";
import { checkTargets, type Ensemble, treeTable } from "../../trees/treeTable.ts";
import type { Body, Expand } from "../expansion.ts";
import { ensembleAttributes, ensembleConstants, TREE_ENSEMBLE } from "../treeEnsemble.ts";
import {
  badAttribute,
  labelOf,
  labelsOf,
  numbersOf,
  transformed,
  transformNamed,
  transformOf,
} from "./labels.ts";
import { type LeafWeight, readTrees } from "./treeAttributes.ts";
import { aggregateName, readSharedTrees, transformName } from "./treeEnsemble5.ts";

function numFeatures(node: Node, inputs: readonly (ValueFacts | undefined)[]): number {
  return requiredFacts(node, inputs, 0).shape.at(-1) ?? 0;
}

function addEnsemble(body: Body, node: Node, ensemble: Ensemble): string {
  const table = treeTable(ensemble);
  const constants = ensembleConstants(table).map(([, tensor]) => body.constant(tensor));
  const attributes = ensembleAttributes(table, ensemble.numTargets);
  return body.addInternal(TREE_ENSEMBLE, [node.inputs[0], ...constants], attributes);
}

/** Sums of a leaf's weights for each target. */
function spread(node: Node, count: number): (weights: readonly LeafWeight[]) => number[] {
  return (weights) => {
    const values = new Array<number>(count).fill(0);
    for (const { target, weight } of weights) {
      if (!(target >= 0 && target < count))
        throw badAttribute(node, `a leaf adds to target ${target} of ${count}`);
      values[target] += weight;
    }
    return values;
  };
}

function baseOf(node: Node, count: number): number[] {
  const base = numbersOf(node, "base_values");
  if (base.length === 0) return new Array<number>(count).fill(0);
  if (base.length === count) return [...base];
  throw badAttribute(node, `${base.length} base values for ${count} targets`);
}

interface Regression {
  readonly numTargets: number;
  readonly trees: readonly Tree[];
  readonly base: readonly number[];
  /** SUM or AVERAGE, all else is refused. */
  readonly aggregate: string;
  readonly numFeatures: number;
}

/** The scores of each target. */
function addRegression(
  body: Body,
  node: Node,
  { numTargets, trees, base, aggregate, numFeatures }: Regression,
): string {
  if (aggregate !== "SUM" && aggregate !== "AVERAGE")
    throw badAttribute(node, `trees are combined by ${aggregate}; supported are SUM and AVERAGE`);
  const share = aggregate === "AVERAGE" ? 1 / trees.length : 1;
  const shared = trees.map(
    (tree): Tree => ({
      ...tree,
      entries: tree.entries.map((entry) =>
        "values" in entry ? { values: entry.values.map((value) => share * value) } : entry,
      ),
    }),
  );
  return addEnsemble(body, node, { trees: shared, numFeatures, numTargets, base });
}

export const treeEnsembleRegressor: Expand = (body, node, inputs) => {
  const numTargets = intAttribute(node, "n_targets", 1);
  checkTargets(numTargets, numbersOf(node, "nodes_treeids").length);
  const scores = addRegression(body, node, {
    numTargets,
    trees: readTrees(node, "target", spread(node, numTargets)),
    base: baseOf(node, numTargets),
    aggregate: attribute(node, "aggregate_function", "string") ?? "SUM",
    numFeatures: numFeatures(node, inputs),
  });
  return [transformed(body, scores, transformOf(node))];
};

export const treeEnsemble5: Expand = (body, node, inputs) => {
  const numTargets = intAttribute(node, "n_targets", 1);
  checkTargets(numTargets, numbersOf(node, "leaf_weights").length);
  const valuesOf = spread(node, numTargets);
  const scores = addRegression(body, node, {
    numTargets,
    trees: readSharedTrees(node, (target, weight) => valuesOf([{ target, weight }])),
    base: new Array<number>(numTargets).fill(0),
    aggregate: aggregateName(node),
    numFeatures: numFeatures(node, inputs),
  });
  return [transformed(body, scores, transformNamed(node, transformName(node)))];
};

/**
 * Two classes of which leaves name one: with weights that are all positive the sum is the probability p of the second
 * class, else a score s whose sign decides. As two scores, 1 − p and p, or those whose Softmax is the logistic function.
 */
function binaryEnsemble(
  node: Node,
  features: number,
  isLogistic: boolean,
): { ensemble: Ensemble; isVote: boolean } {
  const sum = (weights: readonly LeafWeight[]): number =>
    weights.reduce((total, { weight }) => total + weight, 0);
  const isVote = numbersOf(node, "class_weights").every((weight) => weight >= 0);
  const base = numbersOf(node, "base_values");
  const added = base.length === 0 ? 0 : base[base.length - 1];
  const first = isVote || !isLogistic ? -1 : 0;
  const trees = readTrees(node, "class", (weights) => [first * sum(weights), sum(weights)]);
  const ensemble = {
    trees,
    numFeatures: features,
    numTargets: 2,
    base: [(isVote ? 1 : 0) + first * added, added],
  };
  return { ensemble, isVote };
}

export const treeEnsembleClassifier: Expand = (body, node, inputs) => {
  const { count, values } = labelsOf(node);
  const transform = transformOf(node);
  const features = numFeatures(node, inputs);
  if (count !== 2) {
    checkTargets(count, numbersOf(node, "nodes_treeids").length);
    const trees = readTrees(node, "class", spread(node, count));
    const scores = addEnsemble(body, node, {
      trees,
      numFeatures: features,
      numTargets: count,
      base: baseOf(node, count),
    });
    return [labelOf(body, scores, values), transformed(body, scores, transform)];
  }
  if (new Set(numbersOf(node, "class_ids")).size > 1)
    throw badAttribute(
      node,
      "its leaves name both of two classes, which runtimes do not agree on; export it again",
    );
  const { ensemble, isVote } = binaryEnsemble(node, features, transform !== "NONE");
  const scores = addEnsemble(body, node, ensemble);
  const isRaw = isVote || transform === "NONE";
  return [labelOf(body, scores, values), transformed(body, scores, isRaw ? "NONE" : "SOFTMAX")];
};
