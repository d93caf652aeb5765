/** The training loop: seeded, mini-batches in a new order each epoch. */
import { TensorproofError } from "../errors/tensorproofError.ts";
import { elementCount } from "../tensor/shape.ts";
import { type Augmentation, augment } from "./augment.ts";
import type { Samples } from "./data/dataset.ts";
import type { Loss } from "./loss.ts";
import type { Network } from "./network/network.ts";
import { createOptimiser, type OptimiserOptions } from "./optimiser.ts";
import { SeededRandom } from "./random.ts";

export interface TrainingOptions {
  readonly loss: Loss;
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  /** How the rate falls to 0 over all steps. Default "constant": it does not. */
  readonly schedule?: "constant" | "linear" | "cosine";
  readonly optimiser?: OptimiserOptions;
  readonly augmentation?: Augmentation;
  /** Of the order of samples, of dropped elements and augmentation. */
  readonly seed: number;
  /** Gradients of the step are there, parameters are as before it. */
  readonly beforeUpdate?: (step: StepInfo) => void;
  /** Parameters have changed; masks that are changed here hold from the next step on. */
  readonly afterUpdate?: (step: StepInfo) => void;
  readonly onEpoch?: (epoch: EpochInfo) => void;
  /** Asked before each step; true ends the training with what has been reached. */
  readonly isStopped?: () => boolean;
}

export interface StepInfo {
  readonly network: Network;
  /** From 0. */
  readonly step: number;
  readonly totalSteps: number;
}

export interface EpochInfo {
  readonly network: Network;
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean of the epoch's batches. */
  readonly loss: number;
}

const SCHEDULES = {
  constant: () => 1,
  linear: (done: number) => 1 - done,
  cosine: (done: number) => (1 + Math.cos(Math.PI * done)) / 2,
} as const;

/**
 * Trains in place. The same network, data and options give the same parameters bit for bit.
 * @throws TensorproofError `train.diverged` when the loss is no longer a number
 */
export function trainNetwork(network: Network, data: Samples, options: TrainingOptions): void {
  const { epochs, batch, learningRate, loss, schedule = "constant", seed } = options;
  const random = new SeededRandom(seed);
  const optimiser = createOptimiser(network.parameters, options.optimiser ?? { kind: "adam" });
  const order = Uint32Array.from({ length: data.count }, (_, i) => i);
  const perEpoch = Math.ceil(data.count / batch);
  const totalSteps = epochs * perEpoch;
  const room = new BatchRoom(network, Math.min(batch, data.count));
  network.refresh();
  for (let epoch = 1, step = 0; epoch <= epochs; epoch++) {
    random.shuffle(order);
    let sum = 0;
    for (let start = 0; start < data.count; start += batch, step++) {
      if (options.isStopped?.() === true) return;
      const chosen = order.subarray(start, Math.min(start + batch, data.count));
      const { inputs, targets } = room.fill(data, chosen, options.augmentation, random);
      const outputs = network.forward(inputs, chosen.length, random);
      const gradient = room.gradient.subarray(0, outputs.length);
      const value = loss.evaluate(outputs, targets, chosen.length, gradient);
      if (!Number.isFinite(value)) throw diverged(epoch, learningRate);
      sum += value * chosen.length;
      network.backward(gradient, chosen.length);
      const info = { network, step, totalSteps };
      options.beforeUpdate?.(info);
      optimiser.step(learningRate * SCHEDULES[schedule](step / totalSteps));
      options.afterUpdate?.(info);
      if (options.afterUpdate !== undefined) network.refresh();
    }
    options.onEpoch?.({ network, epoch, epochs, loss: sum / data.count });
  }
}

function diverged(epoch: number, rate: number): TensorproofError {
  const message = `the loss is no longer a number in epoch ${epoch}: lower the learning rate (${rate})`;
  return new TensorproofError("train.diverged", message, { where: `epoch ${epoch}` });
}

/** Where the samples of a batch are gathered. */
class BatchRoom {
  readonly gradient: Float32Array;
  readonly #network: Network;
  readonly #size: number;
  readonly #inputs: Float32Array;
  readonly #targets: Float64Array;

  constructor(network: Network, batch: number) {
    this.#network = network;
    this.#size = elementCount(network.inputShape);
    this.#inputs = new Float32Array(batch * this.#size);
    this.#targets = new Float64Array(batch);
    this.gradient = new Float32Array(batch * elementCount(network.outputShape));
  }

  fill(
    data: Samples,
    chosen: Uint32Array,
    augmentation: Augmentation | undefined,
    random: SeededRandom,
  ): { inputs: Float32Array; targets: Float64Array } {
    const size = this.#size;
    for (let n = 0; n < chosen.length; n++) {
      const sample = data.inputs.subarray(chosen[n] * size, (chosen[n] + 1) * size);
      const target = this.#inputs.subarray(n * size, (n + 1) * size);
      if (augmentation === undefined) target.set(sample);
      else augment(sample, target, this.#imageShape(), augmentation, random);
      this.#targets[n] = data.targets[chosen[n]];
    }
    return {
      inputs: this.#inputs.subarray(0, chosen.length * size),
      targets: this.#targets.subarray(0, chosen.length),
    };
  }

  /** A flat sample is taken for a square image of one channel. */
  #imageShape(): readonly number[] {
    const { inputShape } = this.#network;
    if (inputShape.length === 3) return inputShape;
    const side = Math.sqrt(this.#size);
    if (!Number.isInteger(side))
      throw new RangeError(`augmentation needs images, got samples of ${this.#size} numbers`);
    return [1, side, side];
  }
}
