/** The float reference of a case against its oracle. */

import { TensorproofError } from "../../src/errors/tensorproofError.ts";
import type { GraphDraft } from "../../src/graph/draft.ts";
import { evaluateDraft } from "../../src/graph/evaluateDraft.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { FLOAT_TOLERANCE, floatDistance, sameShapes } from "./compare.ts";
import type { CaseResult, CoverageCase } from "./coverageCase.ts";

export interface FloatResult {
  readonly float: CaseResult["float"];
  readonly floatDetail: string;
  /** What the reference computes, where it passed or there is no oracle. */
  readonly reference: readonly Tensor[] | null;
}

export function evaluateFloat(
  draft: GraphDraft,
  given: ReadonlyMap<string, Tensor>,
  oracle: CoverageCase["outputs"],
): FloatResult {
  try {
    const outputs = evaluateDraft(draft, given);
    if (oracle === null) return { float: "pass", floatDetail: "no oracle", reference: outputs };
    let largest = 0;
    for (const [i, expected] of oracle.entries()) {
      if (expected === undefined)
        return { float: "refused", floatDetail: "an output is no tensor of numbers", reference: null };
      if (!sameShapes(expected, outputs[i]))
        return {
          float: "fail",
          floatDetail: `shape [${outputs[i].shape}] instead of [${expected.shape}]`,
          reference: null,
        };
      largest = Math.max(largest, floatDistance(expected.data, outputs[i].data));
    }
    const passes = largest <= FLOAT_TOLERANCE;
    return {
      float: passes ? "pass" : "fail",
      floatDetail: passes ? "" : `differs by ${largest}`,
      reference: passes ? outputs : null,
    };
  } catch (error) {
    if (error instanceof TensorproofError)
      return { float: "refused", floatDetail: error.message, reference: null };
    return { float: "fail", floatDetail: `crash: ${String(error)}`, reference: null };
  }
}
