/** Which nodes cannot be run, and why: every one of them, so that a user learns the worst at once. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { GraphDraft } from "../draft.ts";
import type { Node } from "../node.ts";
import { operatorOf } from "../operators/registry.ts";
import type { GraphProblem } from "../problem.ts";

/** Reports unsupported nodes and returns their names. */
export function checkSupport(
  draft: GraphDraft,
  nodes: readonly Node[],
  problems: GraphProblem[],
): ReadonlySet<string> {
  const unsupported = new Set<string>();
  for (const node of nodes) {
    const reason = draft.unsupported?.get(node.name) ?? reasonOf(node);
    if (reason === undefined) continue;
    unsupported.add(node.name);
    const operator = node.domain === "" ? node.operator : `${node.domain}.${node.operator}`;
    problems.push({ code: "model.unsupportedOperator", where: node.name, operator, reason });
  }
  return unsupported;
}

function reasonOf(node: Node): string | undefined {
  const definition = operatorOf(node);
  if (definition === undefined) return "the operator is not supported";
  try {
    return definition.unsupported?.(node);
  } catch (error) {
    if (error instanceof TensorproofError) return error.message;
    throw error;
  }
}
