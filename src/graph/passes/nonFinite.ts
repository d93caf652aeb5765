/** NaN and infinities among the weights, which no integer stands for. */

import { isFloatTensor, type Tensor } from "../../tensor/tensor.ts";
import type { Node } from "../node.ts";
import { operatorOf } from "../operators/registry.ts";
import type { GraphProblem } from "../problem.ts";

/** Reports the first such element of every constant that has one. */
export function checkFinite(
  nodes: readonly Node[],
  constants: ReadonlyMap<string, Tensor>,
  problems: GraphProblem[],
): void {
  const read = new Set<string>();
  const strict = new Set<string>();
  for (const node of nodes) {
    const exempt = operatorOf(node)?.mayBeInfinite ?? [];
    node.inputs.forEach((name, i) => {
      read.add(name);
      if (!exempt.includes(i)) strict.add(name);
    });
  }
  for (const [name, tensor] of constants) {
    if (!read.has(name) || !isFloatTensor(tensor)) continue;
    // Where an infinity has a meaning, NaN still has none.
    const isBad = strict.has(name) ? (x: number): boolean => !Number.isFinite(x) : Number.isNaN;
    const index = tensor.data.findIndex((x) => isBad(x));
    if (index < 0) continue;
    const reason = `holds ${tensor.data[index]} at index ${index}; every weight must be a finite number`;
    problems.push({ code: "model.nonFiniteWeight", where: name, reason });
  }
}
