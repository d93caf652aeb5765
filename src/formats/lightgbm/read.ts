/** Models of LightGBM as text → GraphDraft. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { GraphDraft } from "../../graph/draft.ts";
import { wholePartIn } from "../../graph/trees/membership.ts";
import { atMost } from "../../graph/trees/thresholds.ts";
import type { Leaf, MemberSplit, Split, Tree } from "../../graph/trees/tree.ts";
import { checkTargets } from "../../graph/trees/treeTable.ts";
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
/** Bits 2 and 3 of a decision: how a missing value is told. 0: no training row had one, 1: it is a zero, 2: it is NaN. */
const missingType = (decision: number): number => (decision >> 2) & 3;
const MISSING_IS_ZERO = 1;
/** Of the sets of categories of one tree, 32 categories each. */
const MAX_WORDS = 2 ** 16;
/** Bit 1 says which way a missing value goes. */
const MAX_DECISION = 0b1011;

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

/** The bits that are 1 of words of 32 bits. */
function bitsOf(words: readonly number[]): number[] {
  return words.flatMap((word, at) =>
    Array.from({ length: 32 }, (_, bit) => bit)
      .filter((bit) => (word >>> bit) % 2 === 1)
      .map((bit) => 32 * at + bit),
  );
}

/** Sets of categories, which nodes name by their position. */
function categoriesOf(fields: Fields, name: string): number[][] {
  if (!fields.has("cat_threshold")) return [];
  const bounds = numbersOf(fields, "cat_boundaries", name);
  const words = numbersOf(fields, "cat_threshold", name);
  if (!words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32))
    throw malformedAt(name, "cat_threshold should hold words of 32 bits");
  if (words.length > MAX_WORDS)
    throw unsupported(
      name,
      `has sets of ${32 * words.length} categories; at most ${32 * MAX_WORDS} are read`,
    );
  const isRising = bounds.every((bound, i) => Number.isInteger(bound) && bound >= (bounds[i - 1] ?? 0));
  if (!isRising || bounds[bounds.length - 1] > words.length)
    throw malformedAt(name, `cat_boundaries do not cut ${words.length} words into sets`);
  return bounds.slice(1).map((bound, i) => bitsOf(words.slice(bounds[i], bound)));
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
  const categories = categoriesOf(fields, name);
  const splits = features.map((feature, at): Split | MemberSplit => {
    const decision = decisions[at];
    if (!Number.isInteger(decision) || decision < 0 || decision > MAX_DECISION)
      throw malformedAt(name, `node ${at} has the decision_type ${decision}`);
    if ((decision & CATEGORICAL) !== 0) {
      const set = categories[thresholds[at]];
      if (set === undefined) throw malformedAt(name, `node ${at} has no set of categories of its own`);
      delete categories[thresholds[at]];
      return { feature, cuts: wholePartIn(set, "zero"), yes: position(left[at]), no: position(right[at]) };
    }
    if (missingType(decision) === MISSING_IS_ZERO)
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
  const hasDirections = blocks.some((block) => /^decision_type=.*\b(8|9|10|11)\b/m.test(block));
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
    { task, hasDirections },
  );
}
