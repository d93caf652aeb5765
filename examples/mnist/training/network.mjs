/**
 * Two dense layers with a ReLU between them, and the gradient of softmax cross-entropy.
 * Weights are stored input-major (`weights[input * outputs + output]`, the layout of Gemm with transB = 0) so that a
 * lit pixel touches one contiguous row.
 */
import { PIXELS } from "./dataset.mjs";

export const HIDDEN = 128;
export const CLASSES = 10;

/** @typedef {{ hiddenWeights: Float32Array, hiddenBias: Float32Array, scoreWeights: Float32Array, scoreBias: Float32Array }} Parameters */

/** @returns {Parameters} all zero, the shape of weights and of their gradients alike */
export function zeroParameters() {
  return {
    hiddenWeights: new Float32Array(PIXELS * HIDDEN),
    hiddenBias: new Float32Array(HIDDEN),
    scoreWeights: new Float32Array(HIDDEN * CLASSES),
    scoreBias: new Float32Array(CLASSES),
  };
}

/** Uniform He initialisation. */
export function initialParameters(random) {
  const parameters = zeroParameters();
  const fill = (values, fanIn) => {
    const bound = Math.sqrt(6 / fanIn);
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.nextFloat() - 1) * bound;
  };
  fill(parameters.hiddenWeights, PIXELS);
  fill(parameters.scoreWeights, HIDDEN);
  return parameters;
}

export class Network {
  hidden = new Float32Array(HIDDEN);
  scores = new Float32Array(CLASSES);
  #scoreGradient = new Float32Array(CLASSES);
  #hiddenGradient = new Float32Array(HIDDEN);

  /** @param {Parameters} parameters */
  constructor(parameters) {
    this.parameters = parameters;
  }

  /** Fills `hidden` and `scores`; returns the class with the largest score. */
  forward(image) {
    const { hiddenWeights, hiddenBias, scoreWeights, scoreBias } = this.parameters;
    const { hidden, scores } = this;
    hidden.set(hiddenBias);
    for (let k = 0; k < image.count; k++) {
      const row = image.indices[k] * HIDDEN;
      const value = image.values[k];
      for (let h = 0; h < HIDDEN; h++) hidden[h] += value * hiddenWeights[row + h];
    }
    scores.set(scoreBias);
    for (let h = 0; h < HIDDEN; h++) {
      const value = hidden[h];
      if (value <= 0) {
        hidden[h] = 0;
        continue;
      }
      for (let c = 0; c < CLASSES; c++) scores[c] += value * scoreWeights[h * CLASSES + c];
    }
    let best = 0;
    for (let c = 1; c < CLASSES; c++) if (scores[c] > scores[best]) best = c;
    return best;
  }

  /** Adds the gradient of the cross-entropy of the last `forward` to `gradient`; returns that cross-entropy. */
  backward(image, label, gradient) {
    const { scoreWeights } = this.parameters;
    const { hidden, scores } = this;
    const scoreGradient = this.#scoreGradient;
    const hiddenGradient = this.#hiddenGradient;

    const largest = Math.max(...scores);
    let sum = 0;
    for (let c = 0; c < CLASSES; c++) {
      scoreGradient[c] = Math.exp(scores[c] - largest);
      sum += scoreGradient[c];
    }
    for (let c = 0; c < CLASSES; c++) scoreGradient[c] /= sum;
    const loss = -Math.log(Math.max(scoreGradient[label], 1e-12));
    scoreGradient[label] -= 1;

    for (let c = 0; c < CLASSES; c++) gradient.scoreBias[c] += scoreGradient[c];
    for (let h = 0; h < HIDDEN; h++) {
      hiddenGradient[h] = 0;
      if (hidden[h] === 0) continue;
      let towards = 0;
      for (let c = 0; c < CLASSES; c++) {
        towards += scoreWeights[h * CLASSES + c] * scoreGradient[c];
        gradient.scoreWeights[h * CLASSES + c] += hidden[h] * scoreGradient[c];
      }
      hiddenGradient[h] = towards;
      gradient.hiddenBias[h] += towards;
    }
    const { hiddenWeights } = gradient;
    for (let k = 0; k < image.count; k++) {
      const row = image.indices[k] * HIDDEN;
      const value = image.values[k];
      for (let h = 0; h < HIDDEN; h++) hiddenWeights[row + h] += value * hiddenGradient[h];
    }
    return loss;
  }
}
