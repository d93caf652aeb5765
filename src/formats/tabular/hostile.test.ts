import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { checkGraph } from "../../graph/check.ts";
import { loadModel } from "../load.ts";
import { parseUbjson } from "../xgboost/ubjson.ts";

const VECTORS = new URL("../../../test/vectors/classical/", import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(name, VECTORS));
const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

async function errorOf(bytes: Uint8Array, name: string): Promise<TensorproofError> {
  try {
    checkGraph(await loadModel(bytes, name));
  } catch (error) {
    if (error instanceof TensorproofError) return error;
    throw error;
  }
  throw new Error("not refused");
}

// biome-ignore lint/suspicious/noExplicitAny: a file is changed anywhere.
type Anything = any;

function xgboost(change: (learner: Anything, trees: Anything[]) => void): Uint8Array {
  const root = JSON.parse(new TextDecoder().decode(read("xgb_binary.json")));
  change(root.learner, root.learner.gradient_booster.model.trees);
  return encoded(JSON.stringify(root));
}

describe("files that lie", () => {
  it.each<[string, (learner: Anything, trees: Anything[]) => void, string, RegExp]>([
    ["a cycle", (_, [tree]) => (tree.left_children[1] = 0), "model.badTree", /tree 0, node 1/],
    [
      "a child that does not exist",
      (_, [tree]) => (tree.right_children[0] = 1e6),
      "model.badTree",
      /1000000/,
    ],
    [
      "a feature that does not exist",
      (_, [tree]) => (tree.split_indices[0] = 6),
      "model.badTree",
      /feature 6/,
    ],
    ["lists of different lengths", (_, [tree]) => tree.split_indices.pop(), "model.malformed", /lengths/],
    [
      "a threshold that is no number",
      (_, [tree]) => (tree.split_conditions[0] = "x"),
      "model.malformed",
      /number/,
    ],
    [
      "a split by no categories",
      (_, [tree]) => (tree.split_type[0] = 1),
      "model.malformed",
      /node 0 has no categories/,
    ],
    ["directions that lack nodes", (_, [tree]) => tree.default_left.pop(), "model.malformed", /default_left/],
    ["a direction of 2", (_, [tree]) => (tree.default_left[0] = 2), "model.malformed", /default_left/],
    [
      "an unknown objective",
      (l) => (l.objective.name = "count:poisson"),
      "model.unsupportedOperator",
      /poisson/,
    ],
    [
      "an objective of every object",
      (l) => (l.objective.name = "constructor"),
      "model.unsupportedOperator",
      /constructor/,
    ],
    [
      "a linear booster",
      (l) => (l.gradient_booster.name = "gblinear"),
      "model.unsupportedOperator",
      /gblinear/,
    ],
    [
      "a billion features",
      (l) => (l.learner_model_param.num_feature = "1000000000"),
      "model.badTree",
      /features/,
    ],
    [
      "a billion classes",
      (l) => (l.learner_model_param.num_class = "1000000000"),
      "model.badTree|model.malformed",
      /./,
    ],
    ["a base score of 2", (l) => (l.learner_model_param.base_score = "2"), "model.malformed", /probability/],
    ["no trees", (l) => (l.gradient_booster.model.trees = null), "model.malformed", /list/],
  ])("XGBoost with %s is refused by name", async (_, change, code, reason) => {
    const error = await errorOf(xgboost(change), "hostile.json");
    expect(error.code).toMatch(new RegExp(`^(${code})$`));
    expect(error.message).toMatch(reason);
  });

  it.each<[string, string, string, RegExp]>([
    ["left_child=", "left_child=0 ", "model.malformed", /lengths/],
    ["split_feature=", "split_feature=x ", "model.malformed", /split_feature/],
    ["max_feature_idx=5", "max_feature_idx=1", "model.badTree", /feature/],
    ["objective=binary", "objective=poisson", "model.unsupportedOperator", /poisson/],
    ["is_linear=0", "is_linear=1", "model.unsupportedOperator", /linear/],
  ])("LightGBM with %s changed is refused by name", async (from, to, code, reason) => {
    const text = new TextDecoder().decode(read("lgb_binary.txt"));
    expect(text).toContain(from);
    const error = await errorOf(encoded(text.replace(from, to)), "hostile.txt");
    expect(error.code).toBe(code);
    expect(error.message).toMatch(reason);
  });

  it.each<[string, (tree: Anything) => void, RegExp]>([
    ["of a node that compares", (tree) => (tree.categories_nodes[0] = 5), /node 5 has categories/],
    [
      "beyond the list",
      (tree) => (tree.categories_segments[1] = 1e9),
      /node 1 has categories that the list lacks/,
    ],
    ["that overlap", (tree) => (tree.categories_sizes[2] += 2), /overlap/],
    ["below 0", (tree) => (tree.categories[0] = -1), /whole number/],
    ["of lists of other lengths", (tree) => tree.categories_sizes.pop(), /different lengths/],
  ])("XGBoost with categories %s is refused by name", async (_, change, reason) => {
    const root = JSON.parse(new TextDecoder().decode(read("xgb_categories.json")));
    change(root.learner.gradient_booster.model.trees[0]);
    const error = await errorOf(encoded(JSON.stringify(root)), "hostile.json");
    expect(error.code).toBe("model.malformed");
    expect(error.message).toMatch(reason);
  });

  it.each<[RegExp, string, RegExp]>([
    [/cat_boundaries=0 2/, "cat_boundaries=0 9999", /cat_boundaries/],
    [/cat_threshold=\d+/, "cat_threshold=4294967296", /32 bits/],
    [/cat_threshold=/, `cat_threshold=${"0 ".repeat(2 ** 16)}`, /at most/],
    [/decision_type=1/, "decision_type=16", /decision_type 16/],
    [/threshold=0 1/, "threshold=0 0", /set of categories of its own/],
    [/threshold=0/, "threshold=99", /set of categories of its own/],
    [/decision_type=1 1 1 2/, "decision_type=1 1 1 6", /zero_as_missing/],
  ])("LightGBM with categories, %s changed, is refused by name", async (from, to, reason) => {
    const text = new TextDecoder().decode(read("lgb_categories.txt"));
    expect(text).toMatch(from);
    const error = await errorOf(encoded(text.replace(from, to)), "hostile.txt");
    expect(error.code).toMatch(/^model\.(malformed|unsupportedOperator)$/);
    expect(error.message).toMatch(reason);
  });

  it.each<[string, string, RegExp]>([
    ["no JSON", '{"model": "linear",', /JSON/],
    ["no coefficients", '{"model": "linear"}', /coefficients/],
    ["another model", '{"model": "toString"}', /toString/],
    ["rows of different lengths", '{"model": "logistic", "coefficients": [[1, 2], [3]]}', /equal lengths/],
    [
      "intercepts of another number",
      '{"model": "linear", "coefficients": [1], "intercept": [1, 2]}',
      /intercepts/,
    ],
    ["coefficients too large", '{"model": "linear", "coefficients": [1e300]}', /finite/],
    [
      "a scale of 0",
      '{"model": "linear", "coefficients": [1], "scaler": {"mean": [0], "scale": [0]}}',
      /scale/,
    ],
    ["one centre", '{"model": "centroids", "centers": [[1, 2]]}', /two centres/],
    ["no features", '{"model": "linear", "coefficients": []}', /features/],
    ["products of degree 3", '{"coefficients": [1, 2], "feature_names": ["a", "a^3"]}', /degree 3/],
    ["a degree of 9", '{"coefficients": [1, 2], "polynomial": {"degree": 9}}', /degree 9/],
    [
      "products of no number of features",
      '{"coefficients": [1, 2], "polynomial": {"degree": 2}}',
      /number of/,
    ],
    [
      "a variance of 0",
      '{"model": "gaussian-nb", "theta": [[1], [2]], "var": [[1], [0]], "class_prior": [0.5, 0.5]}',
      /variance/,
    ],
    ["an unknown kernel", '{"model": "svm", "kernel": "toString"}', /kernel/],
    [
      "counts that do not add up",
      '{"model": "svm", "kernel": "rbf", "support_vectors": [[1], [2]], "dual_coef": [[1, 1], [1, 1]], "n_support": [1, 1, 1]}',
      /n_support/,
    ],
    [
      "a degree of a million",
      '{"model": "svm", "kernel": "poly", "degree": 1000000, "support_vectors": [[1]], "dual_coef": [[1]]}',
      /degree/,
    ],
  ])("a linear model with %s is refused by name", async (_, text, reason) => {
    const error = await errorOf(encoded(text), "hostile.json");
    expect(error.code).toBe("model.malformed");
    expect(error.message).toMatch(reason);
  });

  it("every cut of a binary file is refused, and none crashes", async () => {
    const bytes = read("xgb_binary.ubj");
    for (let length = 32; length < bytes.length; length += 97) {
      const error = await errorOf(bytes.subarray(0, length), "cut.ubj");
      expect(error.code).toMatch(/^model\./);
    }
  });

  it("values within values are bounded, and so are counts", () => {
    expect(() => parseUbjson(encoded("[".repeat(100_000)), "deep")).toThrow(/deep/);
    expect(() => parseUbjson(encoded("[#l\x7f\x7f\x7f\x7f"), "long")).toThrow(/length/);
    expect(() => parseUbjson(encoded("[$Z#U\x10"), "nothing")).toThrow(/type/);
  });
});
