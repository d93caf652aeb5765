/**
 * The file beside a proving key that counts the openings of its commitment. It only grows, one line for each use, and every
 * line is durable before what it pays for begins. Lines have one order, so two processes never get one number, without a
 * lock that a crash could leave behind.
 *
 *     begin <root> <number of this file in its file system> <when it was made, in nanoseconds>
 *     proof | renewal | restore <root> <128 random bits>
 *
 * What a crash cut short counts as a use of every kind.
 */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { syncFolder } from "./atomicFile.ts";

const HEADER = "tensorproof slots v2: one line for each use of a key; never edit, copy or delete\n";
const USE = /^(proof|renewal|restore) [0-9a-f]{64} [0-9a-f]{32}$/;
const BEGIN = /^begin ([0-9a-f]{64}) (\d+)(?: (\d+))?$/;
/** Longer than a tick of a file system's clock. */
const CLOCK_MILLISECONDS = 20;

export type UseKind = "proof" | "renewal" | "restore";

export interface SlotLines {
  /** Lines from where the commitment begins to be counted; null if the file does not count it. */
  readonly own: readonly string[] | null;
  readonly all: readonly string[];
  /** False if the file is another one than that in which the count began: a copy. */
  readonly isOriginal: boolean;
}

/** Begins to count a commitment, once; `root` null: there is nothing to count. */
export function beginSlots(path: string, root: string | null): void {
  const isNew = !existsSync(path);
  if (isNew) append(path, HEADER);
  if (root !== null && (isNew || readSlots(path, root).own === null)) {
    append(path, `\nbegin ${root} ${identityOf(path).join(" ")}\n`);
  }
}

/** @throws the system's error where the file cannot be read */
export function readSlots(path: string, root: string): SlotLines {
  const lines = readFileSync(path, "latin1").split("\n");
  const first = lines.findIndex((line) => BEGIN.exec(line)?.[1] === root);
  if (first < 0) return { own: null, all: lines, isOriginal: false };
  const [, , file, made] = BEGIN.exec(lines[first]) as RegExpExecArray;
  const own = lines.slice(first + 1).filter((line) => line !== "" && !BEGIN.test(line));
  const { ino, birthtimeNs } = statSync(path, { bigint: true });
  const isOriginal = file === String(ino) && (made === undefined || made === String(birthtimeNs));
  return { own, all: lines, isOriginal };
}

/**
 * The file's number, and when it was made: a file system soon gives the number of a removed file to another one, perhaps to
 * the backup that takes its place. Without the time where the system does not keep it, but tells that of the last change, or 0.
 */
function identityOf(path: string): bigint[] {
  const made = statSync(path, { bigint: true });
  if (made.birthtimeNs === made.ctimeNs) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, CLOCK_MILLISECONDS);
    append(path, "\n");
  }
  const { ino, birthtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const isKept = birthtimeNs > 0n && birthtimeNs === made.birthtimeNs && birthtimeNs !== ctimeNs;
  return isKept ? [ino, birthtimeNs] : [ino];
}

/** Uses of one kind, in order: the root's own records, and every line that is no record. */
export function usesOf(lines: readonly string[], kind: UseKind, root: string): string[] {
  return lines.filter((line) => !USE.test(line) || line.startsWith(`${kind} ${root}`));
}

/**
 * Appends a use and makes it durable. Returns the record.
 * @throws TensorproofError `budget.unwritable`
 */
export function appendUse(path: string, kind: UseKind, root: string): string {
  const record = `${kind} ${root} ${randomBytes(16).toString("hex")}`;
  try {
    if (!existsSync(path)) append(path, HEADER);
    // The line break in front ends whatever a crash cut short.
    append(path, `\n${record}\n`);
  } catch (cause) {
    const message = `"${path}", which counts the uses of this key, cannot be written: ${(cause as Error).message}. Nothing was proven`;
    throw new TensorproofError("budget.unwritable", message, { category: "resources", where: path, cause });
  }
  return record;
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
