/** Scores that are linear or quadratic in the features, and what becomes of them. */

import type { Task } from "../tabular/draft.ts";
import { type Json, malformedAt } from "../tabular/json.ts";

/** score_m = x·Q_m·x + W_m·x + b_m over F features. */
export interface Form {
  readonly numFeatures: number;
  readonly weight: readonly (readonly number[])[];
  readonly bias: readonly number[];
  /** [M, F, F], or [1, F, F] for one that all scores share; null where all of it is 0. */
  readonly quadratic: Float64Array | null;
  readonly task: Task;
}

/** Numbers that a model may consist of. */
const MAX_COEFFICIENTS = 2 ** 22;

/** Called before anything is allocated for each coefficient. */
export function checkCount(where: string, count: number): void {
  if (count <= MAX_COEFFICIENTS) return;
  throw malformedAt(where, `has ${count} coefficients; at most ${MAX_COEFFICIENTS} are supported`);
}

/** A row, or several. */
export function rowsOf(json: Json): number[][] {
  const [first] = json.list();
  if (first !== undefined && Array.isArray(first.value)) return json.matrix();
  return [json.numbers()];
}

/** A number for each of `count` rows, or 0 where the field is missing. */
export function interceptsOf(root: Json, count: number): number[] {
  if (!root.has("intercept")) return new Array<number>(count).fill(0);
  const field = root.at("intercept");
  const given = Array.isArray(field.value) ? field.numbers() : [field.number()];
  if (given.length === count) return given;
  throw malformedAt(field.path, `${given.length} intercepts for ${count} rows of coefficients`);
}

/** The form over what `(x − mean) / scale` is computed from. */
export function unscaled(form: Form, root: Json): Form {
  if (!root.has("scaler")) return form;
  const scaler = root.at("scaler");
  const [mean, scale] = ["mean", "scale"].map((key) => scaler.at(key).numbers());
  const { numFeatures } = form;
  if (mean.length !== numFeatures || scale.length !== numFeatures || scale.includes(0))
    throw malformedAt(
      scaler.path,
      `expected a mean and a scale other than 0 for each of ${numFeatures} features`,
    );
  const weight = form.weight.map((row) => row.map((value, j) => value / scale[j]));
  const bias = form.bias.map((b, m) => b - weight[m].reduce((sum, w, j) => sum + w * mean[j], 0));
  const quadratic = form.quadratic?.map((value, at) => {
    const i = Math.floor(at / numFeatures) % numFeatures;
    return value / (scale[i] * scale[at % numFeatures]);
  });
  quadratic?.forEach((q, at) => {
    if (q === 0) return;
    const form = Math.floor(at / numFeatures ** 2);
    const [i, j] = [Math.floor(at / numFeatures) % numFeatures, at % numFeatures];
    const isShared = quadratic.length === numFeatures ** 2;
    for (let m = isShared ? 0 : form; m < (isShared ? weight.length : form + 1); m++) {
      weight[m][i] -= q * mean[j];
      weight[m][j] -= q * mean[i];
      bias[m] += q * mean[i] * mean[j];
    }
  });
  return { ...form, weight, bias, quadratic: quadratic ?? null };
}

/** @throws TensorproofError `model.malformed` */
export function checkForm({ weight, bias, quadratic, numFeatures }: Form, fileName: string): void {
  if (numFeatures === 0) throw malformedAt(fileName, "has no features");
  checkCount(fileName, weight.length * numFeatures);
  const fits = (value: number): boolean => Number.isFinite(Math.fround(value));
  if (![...weight.flat(), ...bias].every(fits) || quadratic?.every(fits) === false)
    throw malformedAt(fileName, "has a coefficient that is not finite in single precision");
}
