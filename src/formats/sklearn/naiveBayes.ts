/** Naive Bayes: logarithms of joint probabilities, which are quadratic (Gaussian) or linear in the features. */

import { type Json, malformedAt } from "../tabular/json.ts";
import { checkCount, type Form } from "./form.ts";

/** A row for each class, and the logarithm of each class's probability. */
function classesOf(root: Json, key: string): { rows: number[][]; prior: number[] } {
  const rows = root.at(key).matrix();
  if (rows.length < 2) throw malformedAt(root.at(key).path, "expected at least two classes");
  const field = root.at("class_log_prior");
  const prior = root.has("class_log_prior")
    ? field.numbers()
    : root
        .at("class_prior")
        .numbers()
        .map((p) => Math.log(p));
  if (prior.length !== rows.length)
    throw malformedAt(field.path, `${prior.length} priors for ${rows.length} classes`);
  return { rows, prior };
}

/** −½ Σ_j (x_j − θ_j)² / σ_j² − ½ Σ_j log 2πσ_j² + log prior. */
export function gaussianForm(root: Json, fileName: string): Form {
  const { rows: theta, prior } = classesOf(root, "theta");
  const variance = root.at("var").matrix();
  const [{ length: numFeatures }] = theta;
  if (variance.length !== theta.length || variance[0].length !== numFeatures)
    throw malformedAt(
      root.at("var").path,
      `expected [${theta.length}, ${numFeatures}] variances, as of theta`,
    );
  if (variance.some((row) => row.some((value) => !(value > 0))))
    throw malformedAt(root.at("var").path, "has a variance that is not above 0");
  checkCount(fileName, theta.length * numFeatures ** 2);
  const quadratic = new Float64Array(theta.length * numFeatures ** 2);
  const bias = prior.map((p, m) =>
    theta[m].reduce((sum, mean, j) => {
      const v = variance[m][j];
      quadratic[(m * numFeatures + j) * numFeatures + j] = -0.5 / v;
      return sum - 0.5 * (Math.log(2 * Math.PI * v) + mean ** 2 / v);
    }, p),
  );
  const weight = theta.map((row, m) => row.map((mean, j) => mean / variance[m][j]));
  return { numFeatures, weight, bias, quadratic, task: "classification" };
}

/** Counts of features: Σ_j x_j · log p_j + log prior. */
export function multinomialForm(root: Json): Form {
  const { rows: weight, prior: bias } = classesOf(root, "feature_log_prob");
  return { numFeatures: weight[0].length, weight, bias, quadratic: null, task: "classification" };
}

/** Features that are 0 or 1: log p_j where x_j = 1, else log(1 − p_j). */
export function bernoulliForm(root: Json): Form {
  const { rows, prior } = classesOf(root, "feature_log_prob");
  const absent = rows.map((row) => row.map((logP) => Math.log1p(-Math.exp(logP))));
  return {
    numFeatures: rows[0].length,
    weight: rows.map((row, m) => row.map((logP, j) => logP - absent[m][j])),
    bias: prior.map((p, m) => absent[m].reduce((sum, value) => sum + value, p)),
    quadratic: null,
    task: "classification",
  };
}
