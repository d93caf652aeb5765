/** CIFAR-10 in its binary format (Krizhevsky 2009): of each image one byte of label, then 3 × 32 × 32 bytes. */
import { gunzipSync } from "fflate";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { DataSource } from "./dataSource.ts";
import type { ImageSet } from "./imageSet.ts";

export const CIFAR_CLASSES: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

const SIDE = 32;
const IMAGE_BYTES = 3 * SIDE * SIDE;
const RECORD_BYTES = 1 + IMAGE_BYTES;
/** As published, and all batches in one file. */
const NAMES: Readonly<Record<"train" | "test", readonly (readonly string[])[]>> = {
  train: [["train.bin"], [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`)],
  test: [["test.bin"], ["test_batch.bin"]],
};

/** The files that are there of one part, packed or not; null where none are. */
export function cifarFiles(folder: string, part: keyof typeof NAMES, source: DataSource): string[] | null {
  for (const names of NAMES[part]) {
    const found = names.flatMap((name) =>
      [`${folder}/${name}`, `${folder}/${name}.gz`].filter(source.exists).slice(0, 1),
    );
    if (found.length === names.length) return found;
  }
  return null;
}

/** Throws `input.unreadable` where a file is cut off. */
export function readCifar(files: readonly string[], source: DataSource): ImageSet {
  const parts = files.map((path) => unpacked(source.read(path), path));
  const count = parts.reduce((sum, { length }) => sum + length / RECORD_BYTES, 0);
  const pixels = new Uint8Array(count * IMAGE_BYTES);
  const labels = new Uint8Array(count);
  let n = 0;
  for (const part of parts) {
    for (let start = 0; start < part.length; start += RECORD_BYTES, n++) {
      labels[n] = part[start];
      pixels.set(part.subarray(start + 1, start + RECORD_BYTES), n * IMAGE_BYTES);
    }
  }
  return { fileName: files.join(", "), count, channels: 3, side: SIDE, pixels, labels };
}

function unpacked(bytes: Uint8Array, path: string): Uint8Array {
  const refuse = (reason: string, cause?: unknown): TensorproofError =>
    new TensorproofError("input.unreadable", `"${path}": ${reason}`, { where: path, cause });
  let data = bytes;
  if (path.endsWith(".gz")) {
    try {
      data = gunzipSync(bytes);
    } catch (cause) {
      throw refuse("expected a gzip file", cause);
    }
  }
  if (data.length === 0 || data.length % RECORD_BYTES !== 0)
    throw refuse(`expected whole images of ${RECORD_BYTES} bytes each, got ${data.length} bytes`);
  return data;
}
