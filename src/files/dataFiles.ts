/** Commitments to data on disk, each with a file beside it that counts its uses. */
import {
  type DataCommitment,
  readDataCommitment,
  writeDataCommitment,
} from "../engine/epoch/dataCommitment.ts";
import type { RenewalCounter, SlotCounter } from "../engine/slots.ts";
import { type FileContent, withSignalsHeld, writeTogether } from "./atomicFile.ts";
import { FileSlotCounter, slotFileOf } from "./fileSlotCounter.ts";
import { readBytes } from "./readBytes.ts";
import { beginSlots } from "./slotFile.ts";

const SECRET_MODE = 0o600;

/** A new commitment, and `others` that appear together with it. @throws TensorproofError `output.unwritable` */
export async function writeDataFile(
  path: string,
  commitment: DataCommitment,
  others: readonly FileContent[] = [],
): Promise<void> {
  const bytes = writeDataCommitment(commitment);
  await withSignalsHeld(() => {
    beginSlots(slotFileOf(path), Buffer.from(commitment.root).toString("hex"));
    return writeTogether([{ path, bytes, mode: SECRET_MODE }, ...others]);
  });
}

/** @throws TensorproofError `file.*`, `commitment.*` */
export function readDataFile(path: string): DataCommitment {
  return readDataCommitment(readBytes(path));
}

export function dataCounterOf(path: string, { root }: DataCommitment): SlotCounter & RenewalCounter {
  return new FileSlotCounter(slotFileOf(path), root);
}
