/**
 * The imported model: real-valued operators in ONNX spelling over statically shaped tensors.
 *
 * Samples. A graph runs N samples at once. Where the file leaves the first axis of every input free (or fixes it to
 * 1), that axis is the batch: `Graph.batched` is true, tensors carry a leading axis of length N at run time, and axis
 * numbers in node attributes count that axis, as in the file. Otherwise `batched` is false, one sample is one run of
 * the whole graph, and attributes count the axes of the sample. In both cases `GraphValue.shape` is the shape of ONE
 * SAMPLE, without the batch axis; `sampleAxis` translates axis attributes to it.
 */

import type { Shape } from "../tensor/shape.ts";
import type { ElementType, Tensor } from "../tensor/tensor.ts";
import type { Node } from "./node.ts";
import type { GraphProblem } from "./problem.ts";
import type { Arithmetic } from "./quantization.ts";

/** A tensor that depends on the input. */
export interface GraphValue {
  readonly name: string;
  /** Per sample: without the batch axis. */
  readonly shape: Shape;
  readonly type: ElementType;
}

export interface Graph {
  readonly name: string;
  readonly batched: boolean;
  /** Whose integer arithmetic a quantised model means; `quantization.ts` says how such models are expressed. */
  readonly arithmetic: Arithmetic;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** In execution order, without nodes that no output needs. */
  readonly nodes: readonly Node[];
  /** Trained and other constant tensors that a node reads, by name, with their full shape (they have no batch). */
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** Every tensor that depends on the input, by name. Lacks those whose shape a problem left unknown. */
  readonly values: ReadonlyMap<string, GraphValue>;
  /** Everything that keeps the graph from being run; empty in a sound graph. `checkGraph` throws them together. */
  readonly problems: readonly GraphProblem[];
}

/**
 * The axis of a per-sample shape that `axis` of a node's attribute names. Negative axes count from the end.
 * `undefined` when it names the batch axis or none at all.
 */
export function sampleAxis(
  graph: Pick<Graph, "batched">,
  axis: number,
  sampleRank: number,
): number | undefined {
  const leading = graph.batched ? 1 : 0;
  const resolved = axis < 0 ? axis + sampleRank : axis - leading;
  return resolved >= 0 && resolved < sampleRank ? resolved : undefined;
}

/** The shape of `samples` samples of a value as `runGraph` holds it: with the batch axis in front. */
export function batchShape(value: Pick<GraphValue, "shape">, samples: number): number[] {
  return [samples, ...value.shape];
}
