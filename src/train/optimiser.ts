/** Steps along gradients. Weights that a mask takes out stay as they are. */
import type { Parameter } from "./network/parameter.ts";

export interface OptimiserOptions {
  readonly kind: "adam" | "sgd";
  /** SGD only. Default 0.9. */
  readonly momentum?: number;
  /** Decoupled, of weights alone, per unit of learning rate. Default 0. */
  readonly weightDecay?: number;
}

export interface Optimiser {
  /** One step along the gradients, which are zero afterwards. */
  step(learningRate: number): void;
}

const DEFAULT_MOMENTUM = 0.9;

export function createOptimiser(parameters: readonly Parameter[], options: OptimiserOptions): Optimiser {
  const { kind, momentum = DEFAULT_MOMENTUM, weightDecay = 0 } = options;
  const steps = parameters.map((parameter) => {
    const decay = parameter.role === "weight" ? weightDecay : 0;
    return kind === "adam" ? adamStep(parameter, decay) : sgdStep(parameter, decay, momentum);
  });
  return {
    step: (learningRate) => {
      for (const step of steps) step(learningRate);
      for (const parameter of parameters) {
        parameter.gradient.fill(0);
        parameter.refresh();
      }
    },
  };
}

type Step = (learningRate: number) => void;

/** With momentum as a moving sum (Sutskever et al. 2013, without Nesterov's correction). */
function sgdStep(parameter: Parameter, decay: number, momentum: number): Step {
  const { values, gradient } = parameter;
  const velocity = new Float32Array(values.length);
  return (rate) => {
    const { mask } = parameter;
    const keep = 1 - rate * decay;
    for (let i = 0; i < values.length; i++) {
      if (mask !== null && mask[i] === 0) continue;
      velocity[i] = momentum * velocity[i] + gradient[i];
      values[i] = keep * values[i] - rate * velocity[i];
    }
  };
}

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

/** Kingma & Ba 2015, algorithm 1, with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2). */
function adamStep(parameter: Parameter, decay: number): Step {
  const { values, gradient } = parameter;
  const mean = new Float32Array(values.length);
  const square = new Float32Array(values.length);
  let steps = 0;
  return (learningRate) => {
    steps++;
    const { mask } = parameter;
    const rate = learningRate / (1 - MEAN_DECAY ** steps);
    const squareCorrection = 1 / (1 - SQUARE_DECAY ** steps);
    const keep = 1 - learningRate * decay;
    for (let i = 0; i < values.length; i++) {
      if (mask !== null && mask[i] === 0) continue;
      const g = gradient[i];
      mean[i] = MEAN_DECAY * mean[i] + (1 - MEAN_DECAY) * g;
      square[i] = SQUARE_DECAY * square[i] + (1 - SQUARE_DECAY) * g * g;
      values[i] = keep * values[i] - (rate * mean[i]) / (Math.sqrt(square[i] * squareCorrection) + EPSILON);
    }
  };
}
