/** What a float model and another arithmetic say about the same samples, and how far apart they are. */
import {
  type ClassificationMetrics,
  classificationMetrics,
  type RegressionMetrics,
  regressionMetrics,
} from "./metrics.ts";

/** Float against integer on the same samples. */
export interface Evaluation {
  readonly count: number;
  readonly float: ClassificationMetrics | RegressionMetrics;
  readonly integer: ClassificationMetrics | RegressionMetrics;
  /** Share of samples for which both give the same class; null for a regression. */
  readonly agreement: number | null;
  /** Largest difference of a score, before any Softmax; null where the graph has no such tensor. */
  readonly maxError: number | null;
  /** Mean of those differences. */
  readonly meanError: number | null;
  /** By how much the float model's best score leads the second, in the median; null where there is no second. */
  readonly medianMargin: number | null;
}

/** For each of `count` samples, the index of the largest of its numbers. */
export function classesOf(scores: ArrayLike<number>, count: number): number[] {
  const size = scores.length / count;
  return Array.from({ length: count }, (_, n) => {
    let best = n * size;
    for (let j = best + 1; j < (n + 1) * size; j++) {
      if (scores[j] > scores[best]) best = j;
    }
    return best - n * size;
  });
}

function leadOf(scores: readonly number[]): number {
  const [best, second] = [...scores].sort((a, b) => b - a);
  return best - second;
}

function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export class Predictions {
  /** Classes, or values of a regression. */
  readonly float: number[] = [];
  readonly own: number[] = [];
  private readonly leads: number[] = [];
  private sumOfErrors = 0;
  private numErrors = 0;
  private largest = 0;

  /** @param real scores of the float model, `count` samples one after the other, as `own` are */
  compareScores(real: ArrayLike<number>, own: ArrayLike<number>, count: number): void {
    const size = real.length / count;
    for (let j = 0; j < real.length; j++) {
      const error = Math.abs(own[j] - real[j]);
      this.sumOfErrors += error;
      this.largest = Math.max(this.largest, error);
    }
    this.numErrors += real.length;
    if (size < 2) return;
    for (let n = 0; n < count; n++)
      this.leads.push(leadOf(Array.from({ length: size }, (_, j) => real[n * size + j])));
  }

  evaluation(labels: ArrayLike<number>, isRegression: boolean): Evaluation {
    const { float, own, numErrors } = this;
    const errors = {
      count: float.length,
      maxError: numErrors === 0 ? null : this.largest,
      meanError: numErrors === 0 ? null : this.sumOfErrors / numErrors,
    };
    if (isRegression) {
      const metrics = { float: regressionMetrics(float, labels), integer: regressionMetrics(own, labels) };
      return { ...errors, ...metrics, agreement: null, medianMargin: null };
    }
    const metrics = {
      float: classificationMetrics(float, labels),
      integer: classificationMetrics(own, labels),
    };
    const numEqual = float.filter((label, n) => label === own[n]).length;
    const agreement = numEqual / float.length;
    return { ...errors, ...metrics, agreement, medianMargin: medianOf(this.leads) };
  }
}
