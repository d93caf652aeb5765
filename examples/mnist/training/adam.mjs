/**
 * Adam with decoupled weight decay and a soft threshold (Kingma & Ba 2015, Algorithm 1; Loshchilov & Hutter 2019,
 * Algorithm 2; the threshold is the proximal step of an L1 penalty).
 *
 * The penalties and the limit serve the proof as much as generalisation. A layer is quantised by its largest weight,
 * so a few outliers would cost all others their precision, and a weight at a pixel that is always black would keep its
 * random start for ever instead of becoming zero.
 */
const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

export class Adam {
  #mean;
  #square;
  #steps = 0;

  /**
   * @param {Float32Array} values updated in place
   * @param {{ decay: number, threshold: number, limit: number }} penalty decay and threshold are per unit of learning
   *   rate; no value leaves [-limit, limit]
   */
  constructor(values, penalty) {
    this.values = values;
    this.penalty = penalty;
    this.#mean = new Float32Array(values.length);
    this.#square = new Float32Array(values.length);
  }

  /** One step along `gradient` times `gradientScale` (1 / batch size); leaves `gradient` zero for the next batch. */
  step(gradient, gradientScale, learningRate) {
    this.#steps++;
    const { values } = this;
    const mean = this.#mean;
    const square = this.#square;
    const rate = learningRate / (1 - MEAN_DECAY ** this.#steps);
    const squareCorrection = 1 / (1 - SQUARE_DECAY ** this.#steps);
    const keep = 1 - learningRate * this.penalty.decay;
    const threshold = learningRate * this.penalty.threshold;
    const { limit } = this.penalty;
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i] * gradientScale;
      mean[i] = MEAN_DECAY * mean[i] + (1 - MEAN_DECAY) * g;
      square[i] = SQUARE_DECAY * square[i] + (1 - SQUARE_DECAY) * g * g;
      const next = values[i] * keep - (rate * mean[i]) / (Math.sqrt(square[i] * squareCorrection) + EPSILON);
      const shrunk = next > threshold ? next - threshold : next < -threshold ? next + threshold : 0;
      values[i] = Math.min(Math.max(shrunk, -limit), limit);
    }
    gradient.fill(0);
  }
}
