/** Float reference evaluation of a graph. */

import { TensorproofError } from "../errors/tensorproofError.ts";
import { elementCount, formatShape, sameShape } from "../tensor/shape.ts";
import { elementTypeOf, type Tensor, zeros } from "../tensor/tensor.ts";
import { batchShape, type Graph, type GraphValue } from "./graph.ts";
import { operatorOf } from "./operators/registry.ts";

export interface RunOptions {
  /** Which tensors to return: the graph's outputs (default), or every tensor that depends on the input. */
  readonly keep?: "outputs" | "all";
}

/**
 * Runs N samples. `inputs` are in the order of `graph.inputs`, each of shape [N, …per-sample shape]; so are the tensors
 * that come back, by name. The graph must have passed `checkGraph`. Throws `input.shape` when an input does not fit.
 */
export function runGraph(
  graph: Graph,
  inputs: readonly Tensor[],
  options: RunOptions = {},
): ReadonlyMap<string, Tensor> {
  const samples = samplesOf(graph, inputs);
  const keep = new Set(
    options.keep === "all" ? graph.values.keys() : graph.outputs.map((output) => output.name),
  );
  if (graph.batched) return runOnce(graph, inputs, samples, keep);
  const stacked = new Map<string, Tensor>();
  for (let sample = 0; sample < samples; sample++) {
    const single = inputs.map((input, i) => sampleOf(input, graph.inputs[i], sample));
    for (const [name, result] of runOnce(graph, single, undefined, keep)) {
      const all = stacked.get(name) ?? zeros(elementTypeOf(result), [samples, ...result.shape]);
      all.data.set(result.data, sample * result.data.length);
      stacked.set(name, all);
    }
  }
  return stacked;
}

function samplesOf(graph: Graph, inputs: readonly Tensor[]): number {
  if (inputs.length !== graph.inputs.length) {
    const names = graph.inputs.map((input) => `"${input.name}"`).join(", ");
    throw new TensorproofError(
      "input.shape",
      `the model has ${graph.inputs.length} inputs (${names}), got ${inputs.length}`,
    );
  }
  const samples = inputs[0]?.shape[0] ?? 0;
  graph.inputs.forEach((value, i) => {
    const expected = batchShape(value, samples);
    if (sameShape(inputs[i].shape, expected)) return;
    throw new TensorproofError(
      "input.shape",
      `input "${value.name}": expected shape ${formatShape(expected)}, got ${formatShape(inputs[i].shape)}`,
      { where: value.name },
    );
  });
  return samples;
}

function sampleOf(input: Tensor, value: GraphValue, sample: number): Tensor {
  const size = elementCount(value.shape);
  const single = zeros(elementTypeOf(input), value.shape);
  single.data.set(input.data.subarray(sample * size, (sample + 1) * size));
  return single;
}

/** One pass through the nodes; `samples` is the length of the batch axis, if there is one. */
function runOnce(
  graph: Graph,
  inputs: readonly Tensor[],
  samples: number | undefined,
  keep: ReadonlySet<string>,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>(inputs.map((input, i) => [graph.inputs[i].name, input]));
  const lastReader = new Map<string, number>();
  graph.nodes.forEach((node, position) => {
    for (const name of node.inputs) lastReader.set(name, position);
  });
  graph.nodes.forEach((node, position) => {
    const shapes = node.outputs.map((name) => {
      const value = graph.values.get(name);
      if (value === undefined) return [];
      return samples === undefined ? value.shape : batchShape(value, samples);
    });
    const given = node.inputs.map((name) => tensors.get(name) ?? graph.initializers.get(name));
    const results = operatorOf(node)?.evaluate(node, given, shapes) ?? [];
    node.outputs.forEach((name, i) => {
      if (name !== "") tensors.set(name, results[i]);
    });
    for (const name of node.inputs) {
      if (lastReader.get(name) === position && !keep.has(name)) tensors.delete(name);
    }
  });
  return new Map([...tensors].filter(([name]) => keep.has(name)));
}
