/** Labelled images as files hold them, and what a recipe takes of them. */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { Samples } from "./dataset.ts";

/** Bytes of images [count, channels, height, width] with the number of each one's class. */
export interface ImageSet {
  readonly fileName: string;
  readonly count: number;
  readonly channels: number;
  readonly side: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

export interface ImageChoice {
  /** Numbers of the classes that are kept; they are numbered anew in this order. */
  readonly classes: readonly number[];
  /** The first so many of them; all where it is left out. */
  readonly count?: number;
  /** Resized to this side, each pixel the mean of what it covers. */
  readonly side?: number;
}

const MAX_NAMED = 5;

/** Pixels become reals in [0, 1]. Throws `data.labels` and `data.tooFew`. */
export function chooseImages(set: ImageSet, choice: ImageChoice, numClasses: number): Samples {
  requireLabels(set, numClasses);
  const order = new Map(choice.classes.map((original, position) => [original, position]));
  const kept: number[] = [];
  for (let n = 0; n < set.count && kept.length < (choice.count ?? set.count); n++)
    if (order.has(set.labels[n])) kept.push(n);
  if (choice.count !== undefined && kept.length < choice.count) {
    const message = `"${set.fileName}" holds ${kept.length} images of the chosen classes, the recipe asks for ${choice.count}`;
    throw new TensorproofError("data.tooFew", message, { where: set.fileName });
  }
  const side = choice.side ?? set.side;
  const size = set.channels * side * side;
  const inputs = new Float32Array(kept.length * size);
  kept.forEach((index, n) => {
    resizeInto(inputs.subarray(n * size, (n + 1) * size), set, index, side);
  });
  const targets = Float64Array.from(kept, (index) => order.get(set.labels[index]) ?? 0);
  return { count: kept.length, inputs, targets };
}

function requireLabels({ labels, fileName }: ImageSet, numClasses: number): void {
  const bad = Array.from(labels, (label, index) => ({ label, index })).filter(
    ({ label }) => label >= numClasses,
  );
  if (bad.length === 0) return;
  const named = bad.slice(0, MAX_NAMED).map(({ label, index }) => `${label} of image ${index}`);
  const more = bad.length > MAX_NAMED ? ` and ${bad.length - MAX_NAMED} more` : "";
  throw new TensorproofError(
    "data.labels",
    `"${fileName}": expected labels from 0 to ${numClasses - 1}, got ${named.join(", ")}${more}`,
    { where: fileName },
  );
}

/** Each new pixel is the mean over the square of old ones that it covers, in parts at its edges. */
function resizeInto(
  target: Float32Array,
  { channels, side, pixels }: ImageSet,
  index: number,
  to: number,
): void {
  const start = index * channels * side * side;
  if (to === side) {
    for (let i = 0; i < target.length; i++) target[i] = pixels[start + i] / 255;
    return;
  }
  const scale = side / to;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < to; y++) {
      for (let x = 0; x < to; x++) {
        const from = start + channel * side * side;
        target[(channel * to + y) * to + x] = meanOf(pixels, from, side, y * scale, x * scale, scale) / 255;
      }
    }
  }
}

function meanOf(
  pixels: Uint8Array,
  start: number,
  side: number,
  top: number,
  left: number,
  length: number,
): number {
  let sum = 0;
  for (let y = Math.floor(top); y < Math.min(side, top + length); y++) {
    const height = Math.min(y + 1, top + length) - Math.max(y, top);
    for (let x = Math.floor(left); x < Math.min(side, left + length); x++) {
      const width = Math.min(x + 1, left + length) - Math.max(x, left);
      sum += height * width * pixels[start + y * side + x];
    }
  }
  return sum / (length * length);
}
