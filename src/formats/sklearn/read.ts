/**
 * Linear and polynomial models, SVMs, naive Bayes and centroids as JSON → GraphDraft. docs/guide/classical.md describes the format,
 * which a few lines of Python write for models of scikit-learn; plain `{"coefficients": […], "intercept": …}` is a regression.
 */

import type { GraphDraft } from "../../graph/draft.ts";
import { INTERNAL_DOMAIN } from "../../graph/operators/internal.ts";
import { WIDE_LINEAR } from "../../graph/operators/wideLinear.ts";
import { WIDE_QUADRATIC } from "../../graph/operators/wideQuadratic.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { DraftBuilder } from "../draftBuilder.ts";
import { addTask, type Task } from "../tabular/draft.ts";
import { Json, malformedAt } from "../tabular/json.ts";
import { checkForm, type Form, interceptsOf, rowsOf, unscaled } from "./form.ts";
import { featureInputs } from "./inputs.ts";
import { bernoulliForm, gaussianForm, multinomialForm } from "./naiveBayes.ts";
import { polynomialForm, productsOf } from "./polynomial.ts";
import { addSvm, readSvm } from "./svm.ts";

interface Model {
  readonly form: Form;
  /** Of the features, where the file gives them with their products. */
  readonly names: readonly string[] | null;
}

/** Of two classes with one row the first one has the score 0. */
function linearModel(root: Json, task: Task, fileName: string): Model {
  const rows = rowsOf(root.at("coefficients"));
  const intercepts = interceptsOf(root, rows.length);
  const isWhole = task === "regression" || rows.length > 1;
  const weight = isWhole ? rows : [rows[0].map(() => 0), rows[0]];
  const bias = isWhole ? intercepts : [0, intercepts[0]];
  const form = { numFeatures: rows[0].length, weight, bias, quadratic: null, task };
  const products = productsOf(root, rows[0].length);
  if (products === null) return { form, names: null };
  return { form: polynomialForm(form, products, fileName), names: products.names };
}

/** The nearest centre has the largest |x − c_0|² − |x − c|², which is linear in x. */
function centresForm(root: Json): Form {
  const centres = root.at("centers").matrix();
  if (centres.length < 2) throw malformedAt(root.at("centers").path, "expected at least two centres");
  const square = (row: readonly number[]): number => row.reduce((sum, value) => sum + value * value, 0);
  return {
    numFeatures: centres[0].length,
    weight: centres.map((row) => row.map((value, j) => 2 * (value - centres[0][j]))),
    bias: centres.map((row) => square(centres[0]) - square(row)),
    quadratic: null,
    task: "votes",
  };
}

const plain = (form: Form): Model => ({ form, names: null });

const MODELS: Readonly<Record<string, (root: Json, fileName: string) => Model>> = {
  linear: (root, fileName) => linearModel(root, "regression", fileName),
  logistic: (root, fileName) => linearModel(root, "classification", fileName),
  "linear-svm": (root, fileName) => linearModel(root, "votes", fileName),
  centroids: (root) => plain(centresForm(root)),
  "gaussian-nb": (root, fileName) => plain(gaussianForm(root, fileName)),
  "multinomial-nb": (root) => plain(multinomialForm(root)),
  "bernoulli-nb": (root) => plain(bernoulliForm(root)),
};

/** @throws TensorproofError `model.malformed`, `model.tooLarge` */
export function readClassical(bytes: Uint8Array, fileName: string): GraphDraft {
  const root = Json.parse(bytes, fileName);
  const kind = root.has("model") ? root.at("model").text() : "linear";
  const builder = new DraftBuilder(fileName);
  if (kind === "svm") {
    const svm = readSvm(root, fileName);
    addSvm(builder, svm, addInputs(builder, root, svm.form, null));
    return builder.finish();
  }
  const read = Object.hasOwn(MODELS, kind) ? MODELS[kind] : undefined;
  if (read === undefined) {
    const known = [...Object.keys(MODELS), "svm"].join(", ");
    throw malformedAt(root.at("model").path, `expected one of ${known}, found "${kind}"`);
  }
  const { form: given, names } = read(root, fileName);
  const form = unscaled(given, root);
  checkForm(form, fileName);
  addForm(builder, form, addInputs(builder, root, form, names));
  addTask(builder, "linear scores", form.task);
  return builder.finish();
}

/** Returns their names. */
function addInputs(builder: DraftBuilder, root: Json, form: Form, names: readonly string[] | null): string[] {
  return featureInputs(root, form, names).map(({ name, columns }) => {
    builder.addInput({ name, type: "float32", shape: [null, columns] });
    return name;
  });
}

function addForm(builder: DraftBuilder, form: Form, inputs: readonly string[]): void {
  const { weight, bias, quadratic, numFeatures } = form;
  const w = builder.addConstant("linear weights", floatTensor([weight.length, numFeatures], weight.flat()));
  const b = builder.addConstant("linear intercepts", floatTensor([bias.length], [...bias]));
  const node = { name: "linear", domain: INTERNAL_DOMAIN, output: "linear scores" };
  if (quadratic === null) {
    builder.addNode({ ...node, operator: WIDE_LINEAR, inputs: [w, b, ...inputs] });
    return;
  }
  const shape = [weight.length, numFeatures, numFeatures];
  const q = builder.addConstant("quadratic weights", floatTensor(shape, Float32Array.from(quadratic)));
  builder.addNode({ ...node, operator: WIDE_QUADRATIC, inputs: [w, b, q, ...inputs] });
}
