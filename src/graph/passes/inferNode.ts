/** Shape inference of one node, with its faults turned into problems. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { elementCount, formatShape } from "../../tensor/shape.ts";
import type { Node } from "../node.ts";
import type { OperatorDefinition, ValueFacts } from "../operator.ts";
import { type GraphProblem, PROBLEM_CODES, type ProblemCode } from "../problem.ts";

/** Largest tensor of one sample, in elements (1 GiB of single-precision numbers). */
const MAX_ELEMENTS = 2 ** 28;

/** Facts of the node's outputs, or `undefined` after having pushed the reason onto `problems`. */
export function inferNode(
  node: Node,
  definition: OperatorDefinition,
  inputs: readonly (ValueFacts | undefined)[],
  batch: number | undefined,
  problems: GraphProblem[],
): readonly ValueFacts[] | undefined {
  const report = (code: ProblemCode, reason: string, details?: unknown): undefined => {
    const problem = { code, where: node.name, operator: node.operator, reason };
    const tensor = (details as { readonly tensor?: string } | undefined)?.tensor;
    problems.push(tensor === undefined ? problem : { ...problem, tensor });
    return undefined;
  };
  try {
    const facts = definition.infer(node, inputs, { batch });
    for (const { shape } of facts) {
      if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
        return report(
          "model.shapeMismatch",
          `would give a tensor of the impossible shape ${formatShape(shape)}`,
        );
      }
      // An axis of length 0 makes a tensor empty, not its other axes short.
      if (shape.some((length) => length > MAX_ELEMENTS))
        return report("model.tooLarge", `would give a tensor of shape ${formatShape(shape)}`);
      const samples = batch !== undefined && shape[0] === batch ? batch : 1;
      if (elementCount(shape) / samples > MAX_ELEMENTS) {
        return report("model.tooLarge", `would give a tensor of ${elementCount(shape) / samples} elements`);
      }
    }
    return facts;
  } catch (error) {
    if (!(error instanceof TensorproofError)) throw error;
    const code = PROBLEM_CODES.find((known) => known === error.code);
    if (code === undefined) throw error;
    return report(code, error.message, error.details);
  }
}
