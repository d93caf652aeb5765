/** Results on disk: replaced whole after each row, so that what is there is always valid. */
import { existsSync } from "node:fs";
import { writeAtomic } from "../files/atomicFile.ts";
import { readBytes } from "../files/readBytes.ts";
import { parseResults, type Results } from "./results.ts";

/** Null where there is none yet. @throws TensorproofError `results.*`, `file.unreadable` */
export function readResultsFile(path: string): Results | null {
  return existsSync(path) ? parseResults(new TextDecoder().decode(readBytes(path)), path) : null;
}

/** @throws TensorproofError `output.unwritable`, of category `resources` where the disk is full */
export function writeResultsFile(path: string, results: Results): Promise<void> {
  return writeAtomic(path, new TextEncoder().encode(`${JSON.stringify(results, null, 1)}\n`));
}
