/**
 * The budget of a weight commitment. Every proof opens further columns of the same committed weights; after more openings
 * than the uniform cells cover, weights leak. A slot is taken, and made durable, before a proof begins; a crash burns it.
 */
import { TensorproofError } from "../errors/tensorproofError.ts";

/** Must remember across processes and crashes: a forgotten slot is an extra opening. */
export interface SlotCounter {
  /** Takes the next slot below `budget`, never to be returned. @throws TensorproofError `budget.exhausted` */
  take(budget: number): number;
}

export function budgetExhausted(budget: number): TensorproofError {
  return new TensorproofError(
    "budget.exhausted",
    `this weight commitment has served its ${budget} proofs; another would leak weights. Run setup again (setup --proofs N sizes the budget)`,
    { category: "resources", where: "weight commitment" },
  );
}
