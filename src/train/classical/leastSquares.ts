/** Linear and ridge regression in closed form. */
import { TensorproofError } from "../../errors/tensorproofError.ts";

/** Rows of `width` features each, row-major. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly values: ArrayLike<number>;
}

export interface LinearModel {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/** Pivots below this share of the largest diagonal entry belong to features that others determine. */
const LEAST_PIVOT = 1e-11;

/**
 * Least Σ (y − w · x − b)² + alpha |w|² (Hoerl & Kennard 1970), from the normal equations of centred features by Cholesky's
 * method. b is not penalised. Features that others determine get the coefficient 0 where alpha is 0.
 *
 * @throws TensorproofError `train.tooFewRows`
 */
export function leastSquares(rows: Rows, targets: ArrayLike<number>, alpha: number): LinearModel {
  const { count, width, values } = rows;
  if (count < 2) {
    const message = `a regression needs at least 2 training rows, got ${count}`;
    throw new TensorproofError("train.tooFewRows", message);
  }
  const means = new Float64Array(width);
  let meanTarget = 0;
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < width; i++) means[i] += values[n * width + i] / count;
    meanTarget += targets[n] / count;
  }
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width);
  const row = new Float64Array(width);
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < width; i++) row[i] = values[n * width + i] - means[i];
    for (let i = 0; i < width; i++) {
      const x = row[i];
      if (x === 0) continue;
      right[i] += x * (targets[n] - meanTarget);
      for (let j = 0; j <= i; j++) gram[i * width + j] += x * row[j];
    }
  }
  for (let i = 0; i < width; i++) gram[i * width + i] += alpha;
  const coefficients = solve(gram, right, width);
  const intercept = coefficients.reduce((sum, w, i) => sum - w * means[i], meanTarget);
  return { coefficients, intercept };
}

/** G w = r for a symmetric G ≥ 0 given by its lower triangle, which is overwritten. */
function solve(lower: Float64Array, right: Float64Array, width: number): Float64Array {
  let largest = 0;
  for (let i = 0; i < width; i++) largest = Math.max(largest, lower[i * width + i]);
  const isFree = new Uint8Array(width);
  for (let j = 0; j < width; j++) {
    let pivot = lower[j * width + j];
    for (let k = 0; k < j; k++) pivot -= lower[j * width + k] ** 2;
    isFree[j] = pivot <= LEAST_PIVOT * largest ? 1 : 0;
    const root = isFree[j] === 1 ? 1 : Math.sqrt(pivot);
    lower[j * width + j] = root;
    for (let i = j + 1; i < width; i++) {
      if (isFree[j] === 1) {
        lower[i * width + j] = 0;
        continue;
      }
      let sum = lower[i * width + j];
      for (let k = 0; k < j; k++) sum -= lower[i * width + k] * lower[j * width + k];
      lower[i * width + j] = sum / root;
    }
    if (isFree[j] === 1) for (let k = 0; k < j; k++) lower[j * width + k] = 0;
  }
  const solution = Float64Array.from(right, (value, i) => (isFree[i] === 1 ? 0 : value));
  for (let i = 0; i < width; i++) {
    for (let k = 0; k < i; k++) solution[i] -= lower[i * width + k] * solution[k];
    solution[i] /= lower[i * width + i];
  }
  for (let i = width - 1; i >= 0; i--) {
    for (let k = i + 1; k < width; k++) solution[i] -= lower[k * width + i] * solution[k];
    solution[i] /= lower[i * width + i];
  }
  return solution;
}
