/** Reads whole files, with errors that a user can act on. */
import { readFileSync } from "node:fs";
import { TensorproofError } from "../errors/tensorproofError.ts";

/** The code of a failed system call, for example "ENOENT"; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** @throws TensorproofError `file.missing`, `file.unreadable` */
export function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new TensorproofError("file.missing", `there is no file "${path}"`, { where: path, cause });
    }
    const reason = code === "EISDIR" ? "it is a folder" : (cause as Error).message;
    throw new TensorproofError("file.unreadable", `"${path}" cannot be read: ${reason}`, {
      where: path,
      cause,
    });
  }
}
