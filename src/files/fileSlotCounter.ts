/**
 * Counts the uses of a weight commitment in a file beside the proving key, safely across crashes and processes.
 *
 * The file only grows. Every use appends one record of its own, in a single write in append mode, makes it durable, and
 * reads the file back: its slot is the number of records before its own. Appends have one order, so two processes never
 * get one slot, without a lock that a crash could leave behind. What a crash cut short counts as a use, of every root.
 */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { SlotCounter } from "../engine/slots.ts";
import { budgetExhausted } from "../engine/slots.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { syncFolder } from "./atomicFile.ts";

const HEADER = "tensorproof slots v1: one line per proof; never edit or delete\n";
const RECORD = /^[0-9a-f]{64} [0-9a-f]{32}$/;

/** The slot file that belongs to a proving key. */
export function slotFileOf(provingKeyPath: string): string {
  return `${provingKeyPath}.slots`;
}

/** Begins a slot file; leaves one that exists as it is. */
export function createSlotFile(path: string): void {
  append(path, existsSync(path) ? "" : HEADER);
}

export class FileSlotCounter implements SlotCounter {
  private readonly path: string;
  private readonly root: string;

  /** @param root of the weight commitment that is counted */
  constructor(path: string, root: Uint8Array) {
    this.path = path;
    this.root = Buffer.from(root).toString("hex");
  }

  /** Slots that are gone. */
  used(): number {
    return this.records().length;
  }

  /** @throws TensorproofError `budget.exhausted`, `budget.missing`, `budget.unwritable` */
  take(budget: number): number {
    if (this.used() >= budget) throw budgetExhausted(budget);
    const record = `${this.root} ${randomBytes(16).toString("hex")}`;
    try {
      // The line break in front ends whatever a crash cut short.
      append(this.path, `\n${record}\n`);
    } catch (cause) {
      const message = `"${this.path}", which counts the proofs of this key, cannot be written: ${(cause as Error).message}`;
      throw new TensorproofError("budget.unwritable", message, {
        category: "resources",
        where: this.path,
        cause,
      });
    }
    const slot = this.records().indexOf(record);
    if (slot < 0) {
      const message = `"${this.path}" lost a record: is it on a network drive that several machines write?`;
      throw new TensorproofError("budget.unwritable", message, { category: "resources", where: this.path });
    }
    if (slot >= budget) throw budgetExhausted(budget);
    return slot;
  }

  /** Lines that count for this root: its own records and every line that is not a record. */
  private records(): string[] {
    let text: string;
    try {
      text = readFileSync(this.path, "latin1");
    } catch (cause) {
      const message =
        `"${this.path}", which counts the proofs made with this key, is missing or unreadable. ` +
        "Without it weights could leak: put it back beside the proving key, or run setup again";
      throw new TensorproofError("budget.missing", message, { where: this.path, cause });
    }
    const body = text.startsWith(HEADER) ? text.slice(HEADER.length) : text;
    return body
      .split("\n")
      .filter((line) => line !== "" && (!RECORD.test(line) || line.startsWith(this.root)));
  }
}

function append(path: string, text: string): void {
  const file = openSync(path, "a", 0o600);
  try {
    const written = writeSync(file, text);
    if (written < text.length) throw new Error("the disk is full");
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolder(dirname(path));
}
