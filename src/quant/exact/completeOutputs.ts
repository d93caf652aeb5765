/** From the outputs of a program to those of the model: what a Softmax that was left out makes of the scores. */

import type { Graph } from "../../graph/graph.ts";
import { type ByteQuant, byteRange } from "./byteQuant.ts";
import { quantOf } from "./rules/quantisation.ts";
import { softmaxIntegers } from "./softmax.ts";
import { requantiseTable } from "./tables/tfliteTables.ts";

/** A Softmax at the end of a model. */
interface SoftmaxHead {
  readonly scores: ByteQuant;
  /** How the probabilities are stored: first by the Softmax, then by each QUANTIZE behind it. */
  readonly stored: readonly ByteQuant[];
  readonly length: number;
}

/** The Softmax whose quantised result is an output, behind whatever only moves or restates it. */
function softmaxHead(graph: Graph, output: string): SoftmaxHead | undefined {
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const stored: ByteQuant[] = [];
  let node = producers.get(output);
  while (node !== undefined && node.operator !== "Softmax") {
    if (node.operator === "QuantizeLinear") stored.unshift(quantOf(graph, node));
    node = producers.get(node.inputs[0]);
  }
  const source = node && producers.get(node.inputs[0]);
  const length = node && graph.values.get(node.inputs[0])?.shape.at(-1);
  if (source?.operator !== "DequantizeLinear" || length === undefined || stored.length === 0)
    return undefined;
  return { scores: quantOf(graph, source), stored, length };
}

function restated(integers: Int32Array, from: ByteQuant, to: ByteQuant): Int32Array {
  const table = requantiseTable(from, to, "tflite-double");
  const { lo } = byteRange(from.type);
  return integers.map((q) => table[q - lo]);
}

/**
 * The integers that the TensorFlow Lite model itself outputs, from those of its program (`compileExact` with scores as
 * head and the default rounding), for any number of samples. Anyone can compute them from a proof's public scores.
 */
export function completeOutputs(graph: Graph, outputs: readonly Int32Array[]): Int32Array[] {
  return outputs.map((integers, index) => {
    const head = softmaxHead(graph, graph.outputs[index].name);
    if (head === undefined) return integers;
    const [first, ...later] = head.stored;
    let from = first;
    let result = softmaxIntegers(integers, head.length, head.scores, first);
    for (const to of later) {
      result = restated(result, from, to);
      from = to;
    }
    return result;
  });
}
