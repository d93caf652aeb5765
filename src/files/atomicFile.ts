/**
 * Files that appear whole or not at all: written under a temporary name beside the target, made durable, renamed. What is
 * interrupted leaves the old file, or none.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { systemCode } from "./readBytes.ts";

export interface WriteOptions {
  /** Permissions of the file; 0o600 for secrets. Default 0o644, less the umask. */
  readonly mode?: number;
}

export interface FileContent extends WriteOptions {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const DEFAULT_MODE = 0o644;
const DISK_CODES: ReadonlySet<string | undefined> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
/** What ends a process from outside, unless it does not want to. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
const pending = new Set<string>();

function removeTemporaryFiles(): void {
  for (const path of pending) unlinkQuietly(path);
  pending.clear();
}

/**
 * Checks, before work whose result goes there, that a file can be written. Creates nothing that stays.
 * @throws TensorproofError `output.unwritable`
 */
export function requireWritable(path: string): void {
  const target = resolveTarget(path);
  if (target.kind === "stream") return;
  const temporary = temporaryName(target.path);
  try {
    closeSync(openSync(temporary, "wx", 0o600));
  } catch (cause) {
    throw unwritable(path, cause);
  }
  unlinkQuietly(temporary);
}

/**
 * Makes a folder, and its parents, that files can be written into.
 * @throws TensorproofError `output.unwritable`
 */
export function requireWritableFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw unwritable(path, cause);
  }
  requireWritable(join(path, "file"));
}

/**
 * Writes files while signals wait: one that comes meanwhile ends the process afterwards. At all other times a signal
 * ends it at once, however long it computes, because nothing of it is on the disk then.
 */
export async function withSignalsHeld(write: () => void | Promise<void>): Promise<void> {
  let held: NodeJS.Signals | undefined;
  const hold = (signal: NodeJS.Signals): void => {
    held ??= signal;
  };
  for (const signal of SIGNALS) process.on(signal, hold);
  try {
    await write();
    // The first turn may follow a look at the signals that is already over; the second has one of its own.
    await setImmediate();
    await setImmediate();
  } finally {
    for (const signal of SIGNALS) process.off(signal, hold);
    if (held !== undefined) process.kill(process.pid, held);
  }
}

/** @throws TensorproofError `output.unwritable`; with category `resources` where the disk is full */
export function writeAtomic(path: string, bytes: Uint8Array, options: WriteOptions = {}): Promise<void> {
  return writeTogether([{ path, bytes, ...options }]);
}

/**
 * Several files that belong together: none is replaced before all are on the disk.
 * @throws TensorproofError as `writeAtomic`
 */
export function writeTogether(files: readonly FileContent[]): Promise<void> {
  return withSignalsHeld(() => writeAll(files));
}

function writeAll(files: readonly FileContent[]): void {
  const renames: { from: string; to: string }[] = [];
  let current = "";
  try {
    for (const { path, bytes, mode = DEFAULT_MODE } of files) {
      current = path;
      const target = resolveTarget(path);
      if (target.kind === "stream") writeStream(target.path, bytes);
      else renames.push({ from: stage(target.path, bytes, mode), to: target.path });
    }
    for (const { from, to } of renames) {
      current = to;
      renameSync(from, to);
      pending.delete(from);
      syncFolder(dirname(to));
    }
  } catch (cause) {
    removeTemporaryFiles();
    throw unwritable(current, cause);
  }
}

/** A durable temporary file beside the target. */
function stage(path: string, bytes: Uint8Array, mode: number): string {
  const temporary = temporaryName(path);
  pending.add(temporary);
  const file = openSync(temporary, "wx", mode);
  try {
    writeBytes(file, bytes);
    if ((mode & 0o077) === 0) fchmodSync(file, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return temporary;
}

function writeStream(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "w");
  try {
    writeBytes(file, bytes);
  } finally {
    closeSync(file);
  }
}

function writeBytes(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** Makes the names in a folder durable, where the system can. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Windows cannot open folders; there a rename is durable by itself.
  }
}

/** Links are followed. Devices and pipes are written into, never replaced. */
function resolveTarget(path: string): { kind: "file" | "stream"; path: string } {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: "file", path };
    if (stats.isDirectory()) throw new Error("it is a folder");
    return stats.isFile() ? { kind: "file", path: realpathSync(path) } : { kind: "stream", path };
  } catch (cause) {
    // A file where the path has a folder, a folder that may not be searched, a circle of links.
    throw unwritable(path, cause);
  }
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already.
  }
}

function unwritable(path: string, cause: unknown): TensorproofError {
  if (cause instanceof TensorproofError) return cause;
  const category = DISK_CODES.has(systemCode(cause)) ? "resources" : "input";
  const message = `"${path}" cannot be written: ${(cause as Error).message}`;
  return new TensorproofError("output.unwritable", message, { where: path, category, cause });
}
