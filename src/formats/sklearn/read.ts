/**
 * Linear models and centroids as JSON → GraphDraft. docs/guide/classical.md describes the format, which a few lines of
 * Python write for models of scikit-learn; plain `{"coefficients": […], "intercept": …}` is a linear regression.
 */

import type { GraphDraft } from "../../graph/draft.ts";
import { INTERNAL_DOMAIN } from "../../graph/operators/internal.ts";
import { WIDE_LINEAR } from "../../graph/operators/wideLinear.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { DraftBuilder } from "../draftBuilder.ts";
import { addTask, INPUT, type Task } from "../tabular/draft.ts";
import { Json, malformedAt } from "../tabular/json.ts";

const MAX_COEFFICIENTS = 2 ** 22;

/** y = weight · x + bias, and what becomes of y. */
interface Linear {
  readonly weight: number[][];
  readonly bias: number[];
  readonly task: Task;
}

/** A row, or several. */
function rowsOf(json: Json): number[][] {
  const [first] = json.list();
  if (first !== undefined && Array.isArray(first.value)) return json.matrix();
  return [json.numbers()];
}

function interceptsOf(root: Json, count: number): number[] {
  if (!root.has("intercept")) return new Array<number>(count).fill(0);
  const field = root.at("intercept");
  const given = Array.isArray(field.value) ? field.numbers() : [field.number()];
  if (given.length === count) return given;
  throw malformedAt(field.path, `${given.length} intercepts for ${count} rows of coefficients`);
}

/** Of two classes with one row the first one has the score 0. */
function linearOf(root: Json, task: Task): Linear {
  const weight = rowsOf(root.at("coefficients"));
  const bias = interceptsOf(root, weight.length);
  if (task === "regression" || weight.length > 1) return { weight, bias, task };
  return { weight: [weight[0].map(() => 0), weight[0]], bias: [0, bias[0]], task };
}

/** The nearest centre has the largest |x − c_0|² − |x − c|², which is linear in x. */
function centresOf(root: Json): Linear {
  const centres = root.at("centers").matrix();
  if (centres.length < 2) throw malformedAt(root.at("centers").path, "expected at least two centres");
  const square = (row: readonly number[]): number => row.reduce((sum, value) => sum + value * value, 0);
  return {
    weight: centres.map((row) => row.map((value, j) => 2 * (value - centres[0][j]))),
    bias: centres.map((row) => square(centres[0]) - square(row)),
    task: "votes",
  };
}

const MODELS: Readonly<Record<string, (root: Json) => Linear>> = {
  linear: (root) => linearOf(root, "regression"),
  logistic: (root) => linearOf(root, "classification"),
  "linear-svm": (root) => linearOf(root, "votes"),
  centroids: centresOf,
};

/** The model over what `(x − mean) / scale` is computed from. */
function unscaled({ weight, bias, task }: Linear, root: Json, numFeatures: number): Linear {
  if (!root.has("scaler")) return { weight, bias, task };
  const scaler = root.at("scaler");
  const [mean, scale] = ["mean", "scale"].map((key) => scaler.at(key).numbers());
  if (mean.length !== numFeatures || scale.length !== numFeatures || scale.includes(0))
    throw malformedAt(
      scaler.path,
      `expected a mean and a scale other than 0 for each of ${numFeatures} features`,
    );
  const rows = weight.map((row) => row.map((value, j) => value / scale[j]));
  return {
    weight: rows,
    bias: bias.map((b, m) => b - rows[m].reduce((sum, w, j) => sum + w * mean[j], 0)),
    task,
  };
}

function checkNumbers({ weight, bias }: Linear, fileName: string): void {
  const size = weight.length * weight[0].length;
  if (weight[0].length === 0) throw malformedAt(fileName, "has no features");
  if (size > MAX_COEFFICIENTS)
    throw malformedAt(fileName, `has ${size} coefficients; at most ${MAX_COEFFICIENTS} are supported`);
  if (![...weight.flat(), ...bias].every((value) => Number.isFinite(Math.fround(value))))
    throw malformedAt(fileName, "has a coefficient that is not finite in single precision");
}

/** Names of the inputs: one for all features, or one for each where they are `separate`. */
function inputsOf(root: Json, numFeatures: number): string[] {
  if (!root.has("separate") || root.at("separate").value !== true) return [INPUT];
  if (!root.has("feature_names")) return Array.from({ length: numFeatures }, (_, j) => `x${j}`);
  const names = root
    .at("feature_names")
    .list()
    .map((name) => name.text());
  if (names.length === numFeatures && new Set(names).size === numFeatures) return names;
  throw malformedAt(root.at("feature_names").path, `expected ${numFeatures} different names`);
}

/** @throws TensorproofError `model.malformed`, `model.tooLarge` */
export function readClassical(bytes: Uint8Array, fileName: string): GraphDraft {
  const root = Json.parse(bytes, fileName);
  const kind = root.has("model") ? root.at("model").text() : "linear";
  const read = Object.hasOwn(MODELS, kind) ? MODELS[kind] : undefined;
  if (read === undefined)
    throw malformedAt(
      root.at("model").path,
      `expected one of ${Object.keys(MODELS).join(", ")}, found "${kind}"`,
    );
  const given = read(root);
  const numFeatures = given.weight[0].length;
  const linear = unscaled(given, root, numFeatures);
  checkNumbers(linear, fileName);
  const { weight, bias, task } = linear;
  const names = inputsOf(root, numFeatures);
  const builder = new DraftBuilder(fileName);
  for (const name of names)
    builder.addInput({ name, type: "float32", shape: [null, numFeatures / names.length] });
  const w = builder.addConstant("linear weights", floatTensor([weight.length, numFeatures], weight.flat()));
  const b = builder.addConstant("linear intercepts", floatTensor([bias.length], bias));
  builder.addNode({
    name: "linear",
    operator: WIDE_LINEAR,
    domain: INTERNAL_DOMAIN,
    inputs: [w, b, ...names],
    output: "linear scores",
  });
  addTask(builder, "linear scores", task);
  return builder.finish();
}
