/** Models of XGBoost (JSON or UBJ, boosters gbtree and dart) → GraphDraft. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { GraphDraft } from "../../graph/draft.ts";
import { wholePartIn } from "../../graph/trees/membership.ts";
import { below } from "../../graph/trees/thresholds.ts";
import type { Tree, TreeEntry } from "../../graph/trees/tree.ts";
import { checkTargets } from "../../graph/trees/treeTable.ts";
import { ensembleDraft, type Task } from "../tabular/draft.ts";
import { Json, malformedAt } from "../tabular/json.ts";
import { parseUbjson } from "./ubjson.ts";

/** How scores follow from sums of leaves, by objective. Those that pass them through an exponential are not here. */
const TASKS: Readonly<Record<string, Task>> = {
  "reg:squarederror": "regression",
  "reg:linear": "regression",
  "reg:squaredlogerror": "regression",
  "reg:pseudohubererror": "regression",
  "reg:absoluteerror": "regression",
  "reg:quantileerror": "regression",
  "rank:pairwise": "regression",
  "rank:ndcg": "regression",
  "rank:map": "regression",
  "binary:logitraw": "regression",
  "reg:logistic": "probability",
  "binary:logistic": "classification",
  "binary:hinge": "votes",
  "multi:softmax": "classification",
  "multi:softprob": "classification",
};
/** Objectives whose base score is a probability. */
const LOGISTIC: ReadonlySet<string> = new Set(["reg:logistic", "binary:logistic", "binary:logitraw"]);

function unsupported(where: string, reason: string): TensorproofError {
  return new TensorproofError("model.unsupportedOperator", `${where}: ${reason}`, { where });
}

/** Which way missing values go is read, though none can be proven. */
function checkDirections(json: Json, numNodes: number): void {
  const directions = json.at("default_left");
  const values = directions.numbers();
  if (values.length !== numNodes || !values.every((value) => value === 0 || value === 1))
    throw malformedAt(directions.path, `expected 0 or 1 for each of ${numNodes} nodes`);
}

/** The sets of categories by which nodes split, by node. */
function categoriesOf(json: Json, numNodes: number): Map<number, readonly number[]> {
  const sets = new Map<number, readonly number[]>();
  if (!json.has("split_type")) return sets;
  const types = json.at("split_type").numbers();
  if (types.length !== numNodes || !types.every((type) => type === 0 || type === 1))
    throw malformedAt(json.path, "split_type should be 0 (number) or 1 (category) for each node");
  if (!types.includes(1)) return sets;
  const names = ["categories", "categories_nodes", "categories_segments", "categories_sizes"] as const;
  const [categories, nodes, segments, sizes] = names.map((name) =>
    json
      .at(name)
      .list()
      .map((entry) => entry.count(0)),
  );
  if (segments.length !== nodes.length || sizes.length !== nodes.length)
    throw malformedAt(json.path, "its lists categories_… have different lengths");
  // Sets that shared their entries could be longer in all than the file.
  if (sizes.reduce((sum, size) => sum + size, 0) > categories.length)
    throw malformedAt(json.path, "its sets of categories overlap");
  nodes.forEach((node, i) => {
    if (types[node] !== 1 || sets.has(node))
      throw malformedAt(json.path, `node ${node} has categories that it does not split by`);
    if (segments[i] + sizes[i] > categories.length)
      throw malformedAt(json.path, `node ${node} has categories that the list lacks`);
    sets.set(node, categories.slice(segments[i], segments[i] + sizes[i]));
  });
  types.forEach((type, node) => {
    if (type === 1 && !sets.has(node)) throw malformedAt(json.path, `node ${node} has no categories`);
  });
  return sets;
}

function readTree(json: Json, index: number, target: number | null, weight: number): Tree {
  const name = `tree ${index}`;
  const vector = json.at("tree_param").at("size_leaf_vector");
  if (vector.value !== undefined && vector.count(0) > 1)
    throw unsupported(name, "has leaves of several values");
  const lists = ["left_children", "right_children", "split_indices", "split_conditions"] as const;
  const [left, right, features, conditions] = lists.map((key) => json.at(key).numbers());
  if ([right, features, conditions].some(({ length }) => length !== left.length))
    throw malformedAt(json.path, "its lists have different lengths");
  checkDirections(json, left.length);
  const categories = categoriesOf(json, left.length);
  const entries = left.map((yes, at): TreeEntry => {
    if (yes === -1) return { values: [weight * conditions[at]] };
    const chosen = categories.get(at);
    if (chosen !== undefined) {
      // Categories of the set go to the right, all else to the left, numbers below 0 too.
      const cuts = wholePartIn(chosen, "none");
      return { feature: features[at], cuts, yes: right[at], no: yes };
    }
    return { feature: features[at], threshold: below(conditions[at]), yes, no: right[at] };
  });
  return { name, entries, target };
}

/** The base score as it is added to sums of leaves: one for all targets or one for each. */
function baseScores(learner: Json, objective: string, numTargets: number): number[] {
  const field = learner.at("learner_model_param").at("base_score");
  const text = String(field.value);
  const listed = text.startsWith("[") ? text.slice(1, -1).split(",") : [text];
  const given = listed.map((entry) => new Json(entry, field.path).number());
  const scores = given.length === 1 ? new Array<number>(numTargets).fill(given[0]) : given;
  if (scores.length !== numTargets)
    throw malformedAt(field.path, `${scores.length} base scores for ${numTargets} targets`);
  if (!LOGISTIC.has(objective)) return scores;
  return scores.map((p) => {
    if (p > 0 && p < 1) return Math.log(p / (1 - p));
    throw malformedAt(field.path, `${p} is not a probability`);
  });
}

/** @throws TensorproofError `model.malformed`, `model.truncated`, `model.unsupportedOperator`, `model.badTree` */
export function readXgboost(bytes: Uint8Array, fileName: string): GraphDraft {
  const isText = bytes
    .subarray(0, 64)
    .every((byte) => byte >= 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
  const root = isText ? Json.parse(bytes, fileName) : new Json(parseUbjson(bytes, fileName), fileName);
  const learner = root.at("learner");
  const objective = learner.at("objective").at("name").text();
  const task = Object.hasOwn(TASKS, objective) ? TASKS[objective] : undefined;
  if (task === undefined) {
    const known = Object.keys(TASKS).join(", ");
    throw unsupported(fileName, `the objective "${objective}" is not supported; supported are ${known}`);
  }
  const booster = learner.at("gradient_booster");
  const kind = booster.at("name").text();
  if (kind !== "gbtree" && kind !== "dart")
    throw unsupported(fileName, `the booster "${kind}" is not supported; gbtree and dart are`);
  const model = kind === "dart" ? booster.at("gbtree").at("model") : booster.at("model");
  const params = learner.at("learner_model_param");
  const trees = model.at("trees").list();
  const targets = model.at("tree_info").numbers();
  const weights = kind === "dart" ? booster.at("weight_drop").numbers() : trees.map(() => 1);
  if (targets.length !== trees.length || weights.length !== trees.length)
    throw malformedAt(model.path, `${trees.length} trees, but ${targets.length} targets of trees`);
  if (params.has("num_target") && params.at("num_target").count(0) > 1)
    throw unsupported(fileName, "predicts several targets");
  const numClasses = Math.max(1, params.at("num_class").count(0));
  checkTargets(numClasses, trees.length);
  const base = baseScores(learner, objective, numClasses);
  // Two classes are two scores: of the first none, of the second the sum.
  const isBinary = objective === "binary:logistic" || objective === "binary:hinge";
  const read = trees.map((tree, i) => readTree(tree, i, isBinary ? 1 : targets[i], weights[i]));
  return ensembleDraft(
    fileName,
    {
      trees: read,
      numFeatures: params.at("num_feature").count(1),
      numTargets: isBinary ? 2 : numClasses,
      base: isBinary ? [0, base[0]] : base,
    },
    // Every node of this library has one.
    { task, hasDirections: true },
  );
}
