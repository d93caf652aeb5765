/** Compressed data: .npz (a zip of .npy files) and gzip, unpacked within a bound. */

import { Gunzip, unzipSync } from "fflate";
import { dataError } from "./dataError.ts";
import type { DataTensor } from "./dataFile.ts";
import { readNpy } from "./npy.ts";

/** What a file may unpack to: a few kilobytes can claim terabytes. */
const MAX_UNPACKED_BYTES = 2 ** 30;
const GZIP_STEP_BYTES = 2 ** 16;
/** Deflate cannot do better: what claims to unpack to more is damaged, and nothing is allocated for it. */
const MAX_DEFLATE_RATIO = 1032;

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** All arrays of a .npz file, named, in the archive's order. */
export function readNpz(bytes: Uint8Array, fileName: string): DataTensor[] {
  let left = MAX_UNPACKED_BYTES;
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes, {
      filter: (entry) => {
        left -= entry.originalSize;
        if (left < 0) throw dataError("input.unreadable", fileName, tooLarge());
        if (entry.originalSize > MAX_DEFLATE_RATIO * bytes.length)
          throw dataError("input.unreadable", fileName, "the zip archive is damaged");
        return entry.name.endsWith(".npy");
      },
    });
  } catch (cause) {
    throw asDataError(cause, fileName, "the zip archive is damaged");
  }
  const names = Object.keys(entries);
  if (names.length === 0)
    throw dataError("input.unreadable", fileName, "expected .npy files in the archive, got none");
  return names.map((name) => ({
    name: name.replace(/\.npy$/, ""),
    ...readNpy(entries[name], `${fileName}:${name}`),
  }));
}

/** Unpacks a gzip file. Throws `input.unreadable` when it is damaged or unpacks to more than 1 GiB. */
export function gunzip(bytes: Uint8Array, fileName: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let complete = false;
  const stream = new Gunzip((chunk, final) => {
    length += chunk.length;
    if (length > MAX_UNPACKED_BYTES) throw dataError("input.unreadable", fileName, tooLarge());
    chunks.push(chunk);
    complete ||= final;
  });
  try {
    // In steps, so that the bound is checked before the next step's output exists.
    for (let start = 0; start < bytes.length; start += GZIP_STEP_BYTES) {
      const end = start + GZIP_STEP_BYTES;
      stream.push(bytes.subarray(start, end), end >= bytes.length);
    }
  } catch (cause) {
    throw asDataError(cause, fileName, "the gzip data is damaged or cut off");
  }
  if (!complete) throw dataError("input.unreadable", fileName, "the gzip data is cut off");
  const unpacked = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    unpacked.set(chunk, position);
    position += chunk.length;
  }
  return unpacked;
}

function tooLarge(): string {
  return `expected at most ${MAX_UNPACKED_BYTES} bytes when unpacked, got more`;
}

/** Errors of the zip library become ours; ours pass. */
function asDataError(cause: unknown, fileName: string, reason: string): Error {
  if (cause instanceof Error && cause.name === "TensorproofError") return cause;
  return dataError("input.unreadable", fileName, reason, cause);
}
