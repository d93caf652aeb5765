/**
 * The budget of a commitment. Every proof opens further columns of the same committed rows; after more openings than the
 * uniform cells cover, what is committed leaks. A use is taken, and made durable, before a proof begins; a crash burns it.
 */
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { VerificationKey } from "./verificationKey.ts";

/** Must remember across processes and crashes: a forgotten use is an extra opening. */
export interface SlotCounter {
  /** Takes the next slot below `budget`, never to be returned. @throws TensorproofError `budget.exhausted` */
  take(budget: number): number;
}

/** Counts the openings that are reserved for certificates of later epochs. */
export interface RenewalCounter {
  /**
   * Takes one of the renewals 0 … renewals − 1, never to be returned; the last `kept` of them are for copies of the secret
   * whose counter cannot be trusted. @throws TensorproofError `budget.renewals`
   */
  takeRenewal(renewals: number, kept: number): number;
}

/** Renewals of weights that counters in order leave to restored copies. */
export const KEPT_RENEWALS = 1;

/** Certificates that one commitment to inputs or outputs bears; none is kept, because data can be committed anew. */
export const DATA_RENEWALS = 1;

/** Certificates that one commitment to the weights bears, beside its proofs and the one proof of itself. */
export function renewalsOf({ parameters, proofBudget }: VerificationKey): number {
  return Math.max(0, parameters.weightUses - proofBudget - 1);
}

export function budgetExhausted(budget: number): TensorproofError {
  return new TensorproofError(
    "budget.exhausted",
    `this commitment has served its ${budget} proofs; another would leak what it hides. Run \`tensorproof renew\`: the verification key stays as it is`,
    { category: "resources", where: "commitment" },
  );
}

export function renewalsExhausted(renewals: number): TensorproofError {
  return new TensorproofError(
    "budget.renewals",
    `this commitment has served its ${renewals} renewals; another would leak what it hides. Renew the key of another epoch, or run setup again`,
    { category: "resources", where: "commitment" },
  );
}
