import type { Graph } from "../../graph/graph.ts";
import { operatorOf } from "../../graph/operators/registry.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * Files keep weights as small integers with a DequantizeLinear behind them. The graph leaves those as they are, because
 * exact integer programs need the integers; here they are the real numbers that they stand for.
 */
export function withDequantisedWeights(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  const nodes = graph.nodes.filter((node) => {
    if (node.operator !== "DequantizeLinear") return true;
    const inputs = node.inputs.map((name): Tensor | undefined => initializers.get(name));
    const [integers] = inputs;
    if (integers === undefined || node.inputs.some((name, at) => name !== "" && inputs[at] === undefined))
      return true;
    const results = operatorOf(node)?.evaluate(node, inputs, [integers.shape]);
    if (results === undefined) return true;
    initializers.set(node.outputs[0], results[0]);
    return false;
  });
  return { ...graph, nodes, initializers };
}
