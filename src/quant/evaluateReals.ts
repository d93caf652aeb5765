/** A float model against reals that an arithmetic of another tool computed. */
import type { Graph } from "../graph/graph.ts";
import { runGraph } from "../graph/run.ts";
import { elementCount } from "../tensor/shape.ts";
import type { Samples } from "./compileOptions.ts";
import { requireLabels } from "./evaluate.ts";
import { classesOf, type Evaluation, Predictions } from "./predictions.ts";

/**
 * @param own by sample, the first output of the graph as the other tool has it
 * @throws TensorproofError `input.shape` if labels and samples differ in number
 */
export function evaluateReals(
  graph: Graph,
  samples: Samples,
  own: readonly Float64Array[],
  labels: ArrayLike<number>,
): Evaluation {
  const count = samples[0].shape[0];
  requireLabels(labels, count);
  if (own.length !== count) throw new RangeError(`expected ${count} outputs, got ${own.length}`);
  const [{ name, shape }] = graph.outputs;
  const size = elementCount(shape);
  const isRegression = size === 1;
  const predictions = new Predictions();
  for (let n = 0; n < count; n++) {
    const sample = samples.map((tensor) => {
      const length = tensor.data.length / count;
      const data = tensor.data.subarray(n * length, (n + 1) * length);
      return { shape: [1, ...tensor.shape.slice(1)], data };
    });
    const real = runGraph(graph, sample).get(name)?.data ?? [];
    predictions.compareScores(real, own[n], 1);
    predictions.float.push(isRegression ? real[0] : classesOf(real, 1)[0]);
    predictions.own.push(isRegression ? own[n][0] : classesOf(own[n], 1)[0]);
  }
  return predictions.evaluation(labels, isRegression);
}
