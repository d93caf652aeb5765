/** Quality of a classification; macro averages over the classes that occur in labels or predictions. */
export interface ClassificationMetrics {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Quality of a regression. */
export interface RegressionMetrics {
  /** Coefficient of determination; 0 where all targets are equal. */
  readonly r2: number;
  /** Mean squared error. */
  readonly mse: number;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function mean(values: readonly number[]): number {
  return ratio(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );
}

/** `predicted` and `labels`: one class index per sample. A class never predicted has precision 0. */
export function classificationMetrics(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
): ClassificationMetrics {
  const numHits = new Map<number, number>();
  const numPredicted = new Map<number, number>();
  const numLabelled = new Map<number, number>();
  const count = (counts: Map<number, number>, key: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  let correct = 0;
  for (let n = 0; n < labels.length; n++) {
    count(numPredicted, predicted[n]);
    count(numLabelled, labels[n]);
    if (predicted[n] !== labels[n]) continue;
    count(numHits, labels[n]);
    correct++;
  }
  const perClass = [...new Set([...numPredicted.keys(), ...numLabelled.keys()])].map((label) => {
    const hits = numHits.get(label) ?? 0;
    const precision = ratio(hits, numPredicted.get(label) ?? 0);
    const recall = ratio(hits, numLabelled.get(label) ?? 0);
    return { precision, recall, f1: ratio(2 * precision * recall, precision + recall) };
  });
  return {
    accuracy: ratio(correct, labels.length),
    precision: mean(perClass.map(({ precision }) => precision)),
    recall: mean(perClass.map(({ recall }) => recall)),
    f1: mean(perClass.map(({ f1 }) => f1)),
  };
}

export function regressionMetrics(
  predicted: ArrayLike<number>,
  targets: ArrayLike<number>,
): RegressionMetrics {
  const average = mean(Array.from(targets));
  let residual = 0;
  let spread = 0;
  for (let n = 0; n < targets.length; n++) {
    residual += (predicted[n] - targets[n]) ** 2;
    spread += (targets[n] - average) ** 2;
  }
  return { r2: spread === 0 ? 0 : 1 - residual / spread, mse: ratio(residual, targets.length) };
}
