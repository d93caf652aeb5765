/** The commitment's parameters that setup chooses, and that a forecast of a proof's cost must choose alike. */
import type { ProofPlan } from "../../claims/plan.ts";
import { chooseParameters } from "../../commitment/chooseParameters.ts";
import { type CommitmentParameters, maxRandomCells } from "../../commitment/parameters.ts";
import { NUM_MASKS, padRows, ROWS_PER_EXT, rowsOf } from "../../commitment/stackLayout.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { transcriptSize } from "../../relations/reduce.ts";
import { queryBits, REQUIRED_BITS } from "../security.ts";

/** Openings beyond the budget: the range proof, and certificates of later epochs. */
const RESERVED_OPENINGS = 4;
/** Epochs that one key reaches without the renewals that are kept for copies: 1 + 2 + 4 + 8. */
const EPOCHS_OF_A_KEY = 15;

/**
 * Those with the shortest opening of this plan. `proofs`: that the commitment to hidden weights must bear; null for
 * public weights.
 * @throws TensorproofError `setup.budget`
 */
export function setupParameters(plan: ProofPlan, proofs: number | null): CommitmentParameters {
  if (proofs === null) return parametersFor(plan, 1, 0) ?? noParameters();
  const parameters = parametersFor(plan, 2, proofs + RESERVED_OPENINGS);
  if (parameters !== null) return parameters;
  const most = largest(proofs, (count) => parametersFor(plan, 2, count + RESERVED_OPENINGS) !== null);
  throw new TensorproofError(
    "setup.budget",
    `one commitment to the weights bears at most ${most} proofs, not ${proofs}: set up for that many. \`tensorproof renew\` ` +
      `then opens further epochs under the same verification key, up to ${most * EPOCHS_OF_A_KEY} proofs in all`,
    { where: "--proofs" },
  );
}

/**
 * Those of another key, so that proofs of both can read one commitment to data.
 * @throws TensorproofError `setup.like`
 */
export function parametersLike(other: CommitmentParameters, proofs: number | null): CommitmentParameters {
  const bearing = (count: number | null): CommitmentParameters => ({
    ...other,
    weightUses: count === null ? 0 : count + RESERVED_OPENINGS,
  });
  const isBorne = (count: number | null): boolean => {
    const parameters = bearing(count);
    return maxRandomCells(parameters) <= 2 ** parameters.logColumns && queryBits(parameters) >= REQUIRED_BITS;
  };
  if (isBorne(proofs)) return bearing(proofs);
  const most = largest(proofs ?? 0, isBorne);
  throw new TensorproofError(
    "setup.like",
    `with the parameters of that key a commitment bears at most ${most} proofs, not ${proofs}: ask for fewer, or set both models up like the one that needs more`,
    { where: "--like" },
  );
}

/** Null if no shape carries as many openings. */
function parametersFor(plan: ProofPlan, numTrees: number, weightUses: number): CommitmentParameters | null {
  const { pads } = transcriptSize(plan);
  const rowsAt = (logColumns: number): number =>
    rowsOf(plan.tensors, "weights", logColumns) +
    rowsOf(plan.tensors, "advice", logColumns) +
    ROWS_PER_EXT * (padRows(pads, logColumns) + NUM_MASKS);
  const numClaims = plan.tensors.filter(({ holder }) => holder !== "public").length;
  try {
    return chooseParameters({ rowsAt, numTrees, weightUses, numClaims });
  } catch (error) {
    if (error instanceof TensorproofError && error.code === "setup.budget") return null;
    throw error;
  }
}

/** The largest count below `limit` for which it holds; it holds up to there. */
function largest(limit: number, holds: (count: number) => boolean): number {
  let [low, high] = [0, limit];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function noParameters(): never {
  throw new Error("internal: no shape carries a single opening");
}
