/** Removal of what no output needs. */

import type { Tensor } from "../../tensor/tensor.ts";
import type { Node } from "../node.ts";

/** The nodes that some output needs, in the given (execution) order. */
export function withoutDeadNodes(nodes: readonly Node[], outputs: readonly string[]): Node[] {
  const needed = new Set(outputs);
  const kept: Node[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => output !== "" && needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    kept.push(node);
  }
  return kept.reverse();
}

/** The constants that some node reads. */
export function withoutDeadConstants(
  constants: ReadonlyMap<string, Tensor>,
  nodes: readonly Node[],
): Map<string, Tensor> {
  const read = new Set(nodes.flatMap((node) => node.inputs));
  return new Map([...constants].filter(([name]) => read.has(name)));
}
