import type { Graph } from "../../graph/graph.ts";
import type { Node } from "../../graph/node.ts";
import { floatTensor, isFloatTensor } from "../../tensor/tensor.ts";

/** No score is so far from 0: what is added to scores and lies below −this hides an entry. */
const HIDING = 1000;

/** Operators through which a mask gets to the scores: they add, choose or move elements. */
const CARRYING: ReadonlySet<string> = new Set([
  ...["Add", "Sub", "Where", "Mul", "Expand", "Reshape", "Transpose", "Unsqueeze", "Squeeze", "Slice"],
  ...["Cast", "Identity", "Concat", "Tile", "Gather", "Flatten", "Split", "Pad"],
]);

function producersOf(nodes: readonly Node[]): ReadonlyMap<string, Node> {
  return new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
}

/** Constants that reach a Softmax without a matrix product or a function on the way. */
function addedToScores({ nodes, initializers }: Graph): ReadonlySet<string> {
  const producers = producersOf(nodes);
  const found = new Set<string>();
  const seen = new Set<string>();
  const pending = nodes.filter(({ operator }) => operator === "Softmax").map(({ inputs }) => inputs[0]);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (initializers.has(name)) found.add(name);
    const producer = producers.get(name);
    if (producer !== undefined && CARRYING.has(producer.operator)) pending.push(...producer.inputs);
  }
  return found;
}

/**
 * Exporters write masks with −10^4, −10^9 or the least number of their type for −∞. Such numbers would take all bits of the
 * scores that they are added to; as −∞ they get a stand-in that is as near as it may be (compileGraph.ts).
 */
export function withInfiniteMasks(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  for (const name of addedToScores(graph)) {
    const tensor = initializers.get(name);
    if (tensor === undefined || !isFloatTensor(tensor) || !tensor.data.some((value) => value <= -HIDING))
      continue;
    const data = tensor.data.map((value) => (value <= -HIDING ? Number.NEGATIVE_INFINITY : value));
    initializers.set(name, floatTensor(tensor.shape, data));
  }
  return { ...graph, initializers };
}
