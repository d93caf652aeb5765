/** Losses of a batch and their gradients, both as means over the samples. */

export type LossKind = "cross-entropy" | "mean-squared-error";

export interface Loss {
  readonly kind: LossKind;
  /** Mean loss of `count` samples; writes the gradient with respect to `outputs` into `gradient`. */
  readonly evaluate: (
    outputs: Float32Array,
    targets: ArrayLike<number>,
    count: number,
    gradient: Float32Array,
  ) => number;
}

/** Of the Softmax of scores; `targets`: one class for each sample. */
export const crossEntropy: Loss = {
  kind: "cross-entropy",
  evaluate: (outputs, targets, count, gradient) => {
    const classes = outputs.length / count;
    let total = 0;
    for (let n = 0; n < count; n++) {
      const start = n * classes;
      let largest = outputs[start];
      for (let j = 1; j < classes; j++) largest = Math.max(largest, outputs[start + j]);
      let sum = 0;
      for (let j = 0; j < classes; j++) sum += Math.exp(outputs[start + j] - largest);
      for (let j = 0; j < classes; j++) {
        const probability = Math.exp(outputs[start + j] - largest) / sum;
        gradient[start + j] = (probability - (targets[n] === j ? 1 : 0)) / count;
      }
      total += Math.log(sum) + largest - outputs[start + targets[n]];
    }
    return total / count;
  },
};

/** `targets`: as many numbers for each sample as there are outputs. */
export const meanSquaredError: Loss = {
  kind: "mean-squared-error",
  evaluate: (outputs, targets, _count, gradient) => {
    let total = 0;
    for (let i = 0; i < outputs.length; i++) {
      const difference = outputs[i] - targets[i];
      total += difference * difference;
      gradient[i] = (2 * difference) / outputs.length;
    }
    return total / outputs.length;
  },
};
