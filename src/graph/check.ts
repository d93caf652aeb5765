/** The gate between an imported model and everything that runs or proves it. */

import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Graph } from "./graph.ts";
import { type GraphProblem, PROBLEM_CODES, type ProblemCode } from "./problem.ts";

/** What `details` of a thrown error holds, one for every problem of the error's code. */
export interface ProblemDetail {
  /** Name of the node or tensor. */
  readonly node: string;
  readonly operator: string | undefined;
  readonly reason: string;
}

/**
 * Returns if the graph has no problems. Otherwise throws one TensorproofError that lists them all: its code is that of
 * the gravest kind (the order of `PROBLEM_CODES`), its `details` a `ProblemDetail[]` of that kind, its message all
 * kinds.
 */
export function checkGraph(graph: Graph): void {
  const code = PROBLEM_CODES.find((known) => graph.problems.some((problem) => problem.code === known));
  if (code === undefined) return;
  const ofKind = (kind: ProblemCode): GraphProblem[] =>
    graph.problems.filter((problem) => problem.code === kind);
  const lines = PROBLEM_CODES.flatMap(ofKind).map((problem) => describe(problem, graph.name));
  const heading = lines.length === 1 ? "" : `${lines.length} problems:\n- `;
  const details = ofKind(code).map(
    ({ where, operator, reason }): ProblemDetail => ({ node: where, operator, reason }),
  );
  throw new TensorproofError(code, `model "${graph.name}": ${heading}${lines.join("\n- ")}`, {
    where: details[0].node,
    details,
  });
}

function describe({ code, where, operator, reason }: GraphProblem, model: string): string {
  if (where === model) return `the model ${reason}`;
  if (code === "model.unsupportedOperator")
    return `unsupported operator ${operator} in node "${where}": ${reason}`;
  return `${operator === undefined ? "" : `${operator} `}"${where}" ${reason}`;
}
