/**
 * The one use of a key whose counter cannot be trusted: the last renewal, which counters in order never take. Copies cannot
 * know of each other, so whoever restores a key must see to it that this happens once.
 */
import { existsSync } from "node:fs";
import { type RenewalCounter, renewalsExhausted } from "../engine/slots.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { appendUse, readSlots } from "./slotFile.ts";

export class RestoredCounter implements RenewalCounter {
  private readonly path: string;
  private readonly root: string;

  /** @param root of the commitment whose counter was copied or lost */
  constructor(path: string, root: Uint8Array) {
    this.path = path;
    this.root = Buffer.from(root).toString("hex");
  }

  /** @throws TensorproofError `budget.original`, `budget.renewals`, `budget.unwritable` */
  takeRenewal(renewals: number, kept: number): number {
    if (this.isOriginal()) {
      const message = `"${this.path}" is no copy: renew without --restored, and keep this renewal for a day when it is needed`;
      throw new TensorproofError("budget.original", message, { where: this.path });
    }
    if (Math.min(renewals, kept) < 1 || this.records().length > 0)
      throw renewalsExhausted(Math.min(renewals, kept));
    const record = appendUse(this.path, "restore", this.root);
    // Of two processes, the first.
    if (this.records()[0] !== record) throw renewalsExhausted(1);
    return renewals - 1;
  }

  private isOriginal(): boolean {
    return existsSync(this.path) && readSlots(this.path, this.root).isOriginal;
  }

  private records(): string[] {
    if (!existsSync(this.path)) return [];
    return readSlots(this.path, this.root).all.filter((line) => line.startsWith(`restore ${this.root}`));
  }
}
