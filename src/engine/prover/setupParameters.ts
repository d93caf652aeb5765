/** The commitment's parameters that setup chooses, and that a forecast of a proof's cost must choose alike. */
import type { ProofPlan } from "../../claims/plan.ts";
import { type CommitmentParameters, chooseParameters } from "../../commitment/parameters.ts";
import { NUM_MASKS, padRows, ROWS_PER_EXT, rowsOf } from "../../commitment/stackLayout.ts";
import { transcriptSize } from "../../relations/reduce.ts";

/** Openings beyond the budget: the range proof, and certificates of later epochs. */
const RESERVED_OPENINGS = 4;

/**
 * Those with the shortest opening of this plan. `proofs`: that the commitment to hidden weights must bear; null for
 * public weights.
 * @throws TensorproofError `setup.budget`
 */
export function setupParameters(plan: ProofPlan, proofs: number | null): CommitmentParameters {
  const { pads } = transcriptSize(plan);
  const rowsAt = (logColumns: number): number =>
    rowsOf(plan.tensors, "weights", logColumns) +
    rowsOf(plan.tensors, "advice", logColumns) +
    ROWS_PER_EXT * (padRows(pads, logColumns) + NUM_MASKS);
  return proofs === null
    ? chooseParameters(rowsAt, 1, 0)
    : chooseParameters(rowsAt, 2, proofs + RESERVED_OPENINGS);
}
