/** Outputs and quality of a network on samples. */
import {
  type ClassificationMetrics,
  classificationMetrics,
  type RegressionMetrics,
  regressionMetrics,
} from "../quant/metrics.ts";
import { elementCount } from "../tensor/shape.ts";
import type { Samples, Task } from "./data/dataset.ts";
import type { Network } from "./network/network.ts";

const CHUNK = 256;

/** Outputs [count, …output shape]. */
export function predict(network: Network, samples: Samples): Float32Array {
  const size = elementCount(network.inputShape);
  const outputs = new Float32Array(samples.count * elementCount(network.outputShape));
  network.refresh();
  for (let start = 0; start < samples.count; start += CHUNK) {
    const end = Math.min(start + CHUNK, samples.count);
    const chunk = network.forward(samples.inputs.subarray(start * size, end * size), end - start);
    outputs.set(chunk, (outputs.length / samples.count) * start);
  }
  return outputs;
}

/** The index of the largest score of each sample, the first of equals. */
export function classesOf(scores: ArrayLike<number>, count: number): Int32Array {
  const size = scores.length / count;
  return Int32Array.from({ length: count }, (_, n) => {
    let best = 0;
    for (let j = 1; j < size; j++) if (scores[n * size + j] > scores[n * size + best]) best = j;
    return best;
  });
}

export type Quality = ClassificationMetrics | RegressionMetrics;

export function qualityOf(network: Network, samples: Samples, task: Task): Quality {
  const outputs = predict(network, samples);
  return task.kind === "regression"
    ? regressionMetrics(outputs, samples.targets)
    : classificationMetrics(classesOf(outputs, samples.count), samples.targets);
}
