/**
 * A check that has to come before the HDF5 library sees a file: its walk through a damaged global heap (where texts of
 * attributes lie) does not end.
 */

import { TensorproofError } from "../../errors/tensorproofError.ts";

/** "GCOL", version 1 and three reserved bytes, as two little-endian words. */
const SIGNATURE = [0x4c4f4347, 1] as const;
const HEADER_BYTES = 16;
const ALIGNMENT = 8;

/**
 * Walks every heap collection of the file as the format defines it: objects of a 16-byte header and padded data follow
 * each other up to the collection's end; object 0 is free space and counts its own header. Throws `model.malformed`
 * where a walk would stand still or leave the collection. Expects 8-byte lengths, as all HDF5 writers use them.
 */
export function checkGlobalHeaps(bytes: Uint8Array, fileName: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start + HEADER_BYTES <= bytes.length; start += ALIGNMENT) {
    if (view.getUint32(start, true) !== SIGNATURE[0] || view.getUint32(start + 4, true) !== SIGNATURE[1])
      continue;
    const end = start + Number(view.getBigUint64(start + 8, true));
    if (end > bytes.length) throw damaged(start, fileName);
    let position = start + HEADER_BYTES;
    while (position + HEADER_BYTES <= end) {
      const isFree = view.getUint16(position, true) === 0;
      const size = Number(view.getBigUint64(position + 8, true));
      const length = isFree ? size : HEADER_BYTES + Math.ceil(size / ALIGNMENT) * ALIGNMENT;
      if (length < HEADER_BYTES || position + length > end) throw damaged(position, fileName);
      position += length;
    }
  }
}

function damaged(position: number, fileName: string): TensorproofError {
  return new TensorproofError(
    "model.malformed",
    `"${fileName}" is a damaged HDF5 file: the heap at byte ${position} is broken`,
    {
      where: `byte ${position}`,
    },
  );
}
