/** Counts the uses of a commitment in a file beside its secret, safely across crashes and processes (slotFile.ts). */
import {
  budgetExhausted,
  type RenewalCounter,
  renewalsExhausted,
  type SlotCounter,
} from "../engine/slots.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { appendUse, readSlots, type SlotLines, type UseKind, usesOf } from "./slotFile.ts";

/** The slot file that belongs to a proving key. */
export function slotFileOf(provingKeyPath: string): string {
  return `${provingKeyPath}.slots`;
}

const WAY_OUT =
  "open a new epoch for this host: `tensorproof renew KEY --restored -o FOLDER`, once for all copies of the key";

export class FileSlotCounter implements SlotCounter, RenewalCounter {
  private readonly path: string;
  private readonly root: string;

  /** @param root of the commitment that is counted */
  constructor(path: string, root: Uint8Array) {
    this.path = path;
    this.root = Buffer.from(root).toString("hex");
  }

  /** Slots that are gone. @throws TensorproofError `budget.missing`, `budget.foreign`, `budget.copied` */
  used(): number {
    return this.uses("proof").length;
  }

  /** @throws TensorproofError `budget.exhausted`, `budget.unwritable`, and as `used` */
  take(budget: number): number {
    const slot = this.use("proof", budget);
    if (slot === null) throw budgetExhausted(budget);
    return slot;
  }

  /**
   * What is kept is not for the taking: it is what a restored copy has (RestoredCounter).
   * @throws TensorproofError `budget.renewals`, `budget.unwritable`, and as `used`
   */
  takeRenewal(renewals: number, kept: number): number {
    const limit = Math.max(0, renewals - kept);
    const renewal = this.use("renewal", limit);
    if (renewal === null) throw renewalsExhausted(limit);
    return renewal;
  }

  private use(kind: UseKind, limit: number): number | null {
    if (this.uses(kind).length >= limit) return null;
    const record = appendUse(this.path, kind, this.root);
    const number = this.uses(kind).indexOf(record);
    if (number < 0) {
      const message = `"${this.path}" lost a record: is it on a network drive that several machines write?`;
      throw new TensorproofError("budget.unwritable", message, { category: "resources", where: this.path });
    }
    return number < limit ? number : null;
  }

  private uses(kind: UseKind): string[] {
    const { own, isOriginal } = this.lines();
    if (own === null) {
      const message = `"${this.path}" does not count this key but another one. Put back the key's own file, or ${WAY_OUT}`;
      throw new TensorproofError("budget.foreign", message, { where: this.path });
    }
    if (!isOriginal) {
      const message = `"${this.path}" was copied or restored, so that it may not know of all uses of this key. Without them weights could leak: ${WAY_OUT}`;
      throw new TensorproofError("budget.copied", message, { where: this.path });
    }
    return usesOf(own, kind, this.root);
  }

  private lines(): SlotLines {
    try {
      return readSlots(this.path, this.root);
    } catch (cause) {
      const message =
        `"${this.path}", which counts the uses of this key, is missing or unreadable. ` +
        `Without it weights could leak: put it back beside the key, or ${WAY_OUT}`;
      throw new TensorproofError("budget.missing", message, { where: this.path, cause });
    }
  }
}
