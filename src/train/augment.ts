/** Images of a batch, changed at random: what a shift or a mirror leaves the same for us should be so for the network. */
import type { Shape } from "../tensor/shape.ts";
import type { SeededRandom } from "./random.ts";

export interface Augmentation {
  /** Pixels to each side, whole, uniformly; what enters is 0. */
  readonly shift?: number;
  /** Mirrors every other image from left to right. */
  readonly mirror?: boolean;
}

/** Copies one image [channels, height, width] changed into `target`. */
export function augment(
  image: Float32Array,
  target: Float32Array,
  [channels, height, width]: Shape,
  { shift = 0, mirror = false }: Augmentation,
  random: SeededRandom,
): void {
  const down = random.nextBelow(2 * shift + 1) - shift;
  const right = random.nextBelow(2 * shift + 1) - shift;
  const isMirrored = mirror && random.nextBelow(2) === 1;
  target.fill(0);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = Math.max(0, down); y < height + Math.min(0, down); y++) {
      const to = (channel * height + y) * width;
      const from = (channel * height + y - down) * width;
      for (let x = Math.max(0, right); x < width + Math.min(0, right); x++) {
        const column = x - right;
        target[to + x] = image[from + (isMirrored ? width - 1 - column : column)];
      }
    }
  }
}
