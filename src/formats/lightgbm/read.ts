/** Models of LightGBM as text → GraphDraft. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { GraphDraft } from "../../graph/draft.ts";
import { atMost, checkTargets, type Leaf, type Split, type Tree } from "../../graph/trees/treeTable.ts";
import { ensembleDraft, type Task } from "../tabular/draft.ts";
import { Json, malformedAt, textOf } from "../tabular/json.ts";

/** How scores follow from sums of leaves. Objectives that pass them through an exponential are not here. */
const TASKS: Readonly<Record<string, Task>> = {
  regression: "regression",
  regression_l1: "regression",
  huber: "regression",
  fair: "regression",
  quantile: "regression",
  mape: "regression",
  lambdarank: "regression",
  rank_xendcg: "regression",
  cross_entropy: "probability",
  binary: "classification",
  multiclass: "classification",
};

const CATEGORICAL = 1;
/** Bits 2 and 3 of a decision: how a missing value is told. 1: it is a zero. */
const missingType = (decision: number): number => (decision >> 2) & 3;
const MISSING_IS_ZERO = 1;

type Fields = ReadonlyMap<string, string>;

function unsupported(where: string, reason: string): TensorproofError {
  return new TensorproofError("model.unsupportedOperator", `${where}: ${reason}`, { where });
}

/** Lines of `key=value`, up to an empty one or the end. */
function fieldsOf(block: string): Fields {
  const pairs = block.split(/\r?\n/).flatMap((line): [string, string][] => {
    const at = line.indexOf("=");
    return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
  });
  return new Map(pairs);
}

function numbersOf(fields: Fields, key: string, where: string): number[] {
  const text = fields.get(key);
  if (text === undefined) throw malformedAt(where, `lacks ${key}`);
  if (text === "") return [];
  return text.split(" ").map((entry) => new Json(entry, `${where}, ${key}`).number());
}

/** Splits come first, then leaves; a child below 0 is leaf −1 − child. */
function readTree(fields: Fields, name: string, target: number, share: number): Tree {
  if (fields.get("is_linear") === "1") throw unsupported(name, "has linear models in its leaves");
  const values = numbersOf(fields, "leaf_value", name).map((value) => share * value);
  if (values.length === 1) return { name, entries: [{ values }], target };
  const keys = ["split_feature", "threshold", "decision_type", "left_child", "right_child"];
  const [features, thresholds, decisions, left, right] = keys.map((key) => numbersOf(fields, key, name));
  const numSplits = features.length;
  if ([thresholds, decisions, left, right].some(({ length }) => length !== numSplits))
    throw malformedAt(name, "its lists have different lengths");
  const position = (child: number): number => (child < 0 ? numSplits - 1 - child : child);
  const splits = features.map((feature, at): Split => {
    if ((decisions[at] & CATEGORICAL) !== 0)
      throw unsupported(name, "splits by categories; train with categories as numbers or one-hot columns");
    if (missingType(decisions[at]) === MISSING_IS_ZERO)
      throw unsupported(name, "takes zeros for missing values (zero_as_missing)");
    return { feature, threshold: atMost(thresholds[at]), yes: position(left[at]), no: position(right[at]) };
  });
  return { name, entries: [...splits, ...values.map((value): Leaf => ({ values: [value] }))], target };
}

/** @throws TensorproofError `model.malformed`, `model.tooLarge`, `model.unsupportedOperator`, `model.badTree` */
export function readLightgbm(bytes: Uint8Array, fileName: string): GraphDraft {
  const [head, ...blocks] = textOf(bytes, fileName).split(/^Tree=/m);
  const fields = fieldsOf(head);
  const [objective, ...settings] = (fields.get("objective") ?? "regression").split(" ");
  const task = Object.hasOwn(TASKS, objective) ? TASKS[objective] : undefined;
  if (task === undefined) {
    const known = Object.keys(TASKS).join(", ");
    throw unsupported(fileName, `the objective "${objective}" is not supported; supported are ${known}`);
  }
  if (settings.includes("sqrt")) throw unsupported(fileName, "squares its predictions (reg_sqrt)");
  const sigmoid = settings.find((setting) => setting.startsWith("sigmoid:"))?.slice("sigmoid:".length) ?? "1";
  const factor =
    task === "classification" || task === "probability" ? new Json(sigmoid, "sigmoid").number() : 1;
  const count = (key: string, least: number): number =>
    new Json(fields.get(key), `${fileName}, ${key}`).count(least);
  const numTargets = count("num_tree_per_iteration", 1);
  // A random forest is the mean of its trees.
  const share = /^average_output\s*$/m.test(head) ? numTargets / blocks.length : 1;
  const isBinary = objective === "binary";
  const trees = blocks.map((block, i) => {
    const [tree] = block.split(/^end of trees/m);
    return readTree(fieldsOf(tree), `tree ${i}`, isBinary ? 1 : i % numTargets, factor * share);
  });
  const targets = isBinary ? 2 : numTargets;
  checkTargets(targets, trees.length);
  return ensembleDraft(
    fileName,
    {
      trees,
      numFeatures: count("max_feature_idx", 0) + 1,
      numTargets: targets,
      base: new Array<number>(targets).fill(0),
    },
    task,
  );
}
