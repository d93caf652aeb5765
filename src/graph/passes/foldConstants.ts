/** Constant folding: nodes that read only constants are run once, here. */

import { elementCount } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { elementTypeOf } from "../../tensor/tensor.ts";
import type { Node } from "../node.ts";
import type { ValueFacts } from "../operator.ts";
import { operatorOf } from "../operators/registry.ts";
import type { GraphProblem } from "../problem.ts";
import { inferNode } from "./inferNode.ts";

/**
 * What one model may spend on folding. A small file can ask for a lot of it (two vectors broadcast to a matrix), and
 * honest models need little: their folded tensors are as large as weights.
 */
const MAX_FOLDED_ELEMENTS = 2 ** 26;
const MAX_FOLDED_MULTIPLICATIONS = 2 ** 30;

export interface FoldedGraph {
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/** Runs constant nodes in order. Those in `unsupported` stay where they are. */
export function foldConstants(
  ordered: readonly Node[],
  initializers: ReadonlyMap<string, Tensor>,
  unsupported: ReadonlySet<string>,
  problems: GraphProblem[],
): FoldedGraph {
  const constants = new Map(initializers);
  const nodes: Node[] = [];
  let elementsLeft = MAX_FOLDED_ELEMENTS;
  let multiplicationsLeft = MAX_FOLDED_MULTIPLICATIONS;
  for (const node of ordered) {
    const constant = node.inputs.every((input) => input === "" || constants.has(input));
    const definition = operatorOf(node);
    if (!constant || definition === undefined || unsupported.has(node.name)) {
      nodes.push(node);
      continue;
    }
    const inputs = node.inputs.map((name) => constants.get(name));
    const facts = inferNode(node, definition, inputs.map(factsOf), undefined, problems);
    if (facts === undefined) {
      nodes.push(node);
      continue;
    }
    const shapes = facts.map((fact) => fact.shape);
    elementsLeft -= shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
    multiplicationsLeft -=
      definition.multiplyAccumulates?.(
        inputs.map((tensor) => tensor?.shape),
        shapes[0],
        node,
      ) ?? 0;
    if (elementsLeft < 0 || multiplicationsLeft < 0) {
      const reason = "is part of a computation on constants that is too large to carry out while loading";
      problems.push({ code: "model.tooLarge", where: node.name, operator: node.operator, reason });
      return { nodes: [], constants };
    }
    const results = definition.evaluate(node, inputs, shapes);
    node.outputs.forEach((output, i) => {
      if (output !== "" && results[i] !== undefined) constants.set(output, results[i]);
    });
  }
  return { nodes, constants };
}

/** What is known of a constant: everything. */
export function factsOf(tensor: Tensor): ValueFacts;
export function factsOf(tensor: Tensor | undefined): ValueFacts | undefined;
export function factsOf(tensor: Tensor | undefined): ValueFacts | undefined {
  return tensor && { shape: tensor.shape, type: elementTypeOf(tensor), value: tensor };
}
