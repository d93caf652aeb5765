/**
 * Bilinear resizing as Pillow does it: when an image becomes smaller, every pixel of the result weighs all pixels that
 * it covers, so that fine structure is averaged instead of sampled by chance.
 */

import type { Pixels } from "./pixels.ts";

/** The pixels of a line that one pixel of the result reads, and their weights. */
interface Tap {
  readonly first: number;
  readonly weights: Float64Array;
}

function tapsOf(from: number, to: number): Tap[] {
  const scale = from / to;
  const support = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.round(centre - support));
    const last = Math.min(from, Math.round(centre + support));
    const weights = Float64Array.from({ length: last - first }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / support),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

export function resized(image: Pixels, width: number, height: number): Pixels {
  if (image.width === width && image.height === height) return image;
  const wide = new Float32Array(width * image.height * 3);
  tapsOf(image.width, width).forEach(({ first, weights }, x) => {
    for (let y = 0; y < image.height; y++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++)
          sum += weights[k] * image.rgb[(y * image.width + first + k) * 3 + c];
        wide[(y * width + x) * 3 + c] = sum;
      }
    }
  });
  const rgb = new Uint8Array(width * height * 3);
  tapsOf(image.height, height).forEach(({ first, weights }, y) => {
    for (let j = 0; j < width * 3; j++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * wide[(first + k) * width * 3 + j];
      rgb[y * width * 3 + j] = Math.round(sum);
    }
  });
  return { width, height, rgb };
}
