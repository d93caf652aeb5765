/** The commitment's parameters that setup chooses, and that a forecast of a proof's cost must choose alike. */
import type { ProofPlan } from "../../claims/plan.ts";
import { chooseParameters } from "../../commitment/chooseParameters.ts";
import type { CommitmentParameters } from "../../commitment/parameters.ts";
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
  const numClaims = plan.tensors.filter(({ holder }) => holder !== "public").length;
  return proofs === null
    ? chooseParameters({ rowsAt, numTrees: 1, weightUses: 0, numClaims })
    : chooseParameters({ rowsAt, numTrees: 2, weightUses: proofs + RESERVED_OPENINGS, numClaims });
}
