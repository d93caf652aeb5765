import { budgetExhausted, type RenewalCounter, renewalsExhausted, type SlotCounter } from "../slots.ts";

/** Forgets with the process what a key has served: only for keys that tests make and never store. */
export class MemorySlotCounter implements SlotCounter, RenewalCounter {
  private next = 0;
  private nextRenewal = 0;

  take(budget: number): number {
    if (this.next >= budget) throw budgetExhausted(budget);
    return this.next++;
  }

  takeRenewal(renewals: number): number {
    if (this.nextRenewal >= renewals) throw renewalsExhausted(renewals);
    return this.nextRenewal++;
  }
}
