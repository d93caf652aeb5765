/** From an image to what a model takes: its size, its channels, its order of axes. */

import { formatShape, type Shape } from "../../tensor/shape.ts";
import { dataError } from "../dataError.ts";
import type { DataTensor } from "../dataFile.ts";
import type { Pixels } from "./pixels.ts";
import { resized } from "./resize.ts";

/** real = (pixel − mean) / scale, with one number for all channels or one for each. */
export interface PixelNormalisation {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

export interface ImageInput {
  readonly name: string;
  /** Of one sample. */
  readonly shape: Shape;
}

interface ImageLayout {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly channelsLast: boolean;
}

/**
 * The image, stretched to the input's height and width, as one sample: bytes, or reals where a normalisation is given.
 * Greys are the luma of Rec. 601. Throws `input.shape` where the input does not take an image of one or three channels.
 */
export function imageTensor(
  image: Pixels,
  { name, shape }: ImageInput,
  fileName: string,
  normalisation?: PixelNormalisation,
): DataTensor {
  const layout = layoutOf(shape);
  if (layout === undefined) {
    const wanted = "an input of shape [height, width, channels] or [channels, height, width]";
    const reason = `an image needs ${wanted} with 1 or 3 channels; input "${name}" has shape ${formatShape(shape)}`;
    throw dataError("input.shape", fileName, reason);
  }
  const { width, height, channels, channelsLast } = layout;
  const { rgb } = resized(image, width, height);
  const plane = width * height;
  const bytes = new Uint8Array(plane * channels);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < channels; c++) {
      bytes[channelsLast ? i * channels + c : c * plane + i] =
        channels === 1 ? luma(rgb, 3 * i) : rgb[3 * i + c];
    }
  }
  if (normalisation === undefined) return { shape, data: bytes, integer: true };
  for (const [what, numbers] of Object.entries(normalisation)) {
    if (numbers.length === 1 || numbers.length === channels) continue;
    const reason = `expected 1 number or ${channels} as the ${what} of pixels, got ${numbers.length}`;
    throw dataError("input.shape", fileName, reason);
  }
  const { mean, scale } = normalisation;
  const data = Float32Array.from(bytes, (byte, i) => {
    const channel = channelsLast ? i % channels : Math.floor(i / plane);
    return (byte - mean[channel % mean.length]) / scale[channel % scale.length];
  });
  return { shape, data, integer: false };
}

function luma(rgb: Uint8Array, at: number): number {
  return Math.round(0.299 * rgb[at] + 0.587 * rgb[at + 1] + 0.114 * rgb[at + 2]);
}

function layoutOf(shape: Shape): ImageLayout | undefined {
  // A batch of one that the model counts to the sample.
  const axes = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (axes.length === 2) return { height: axes[0], width: axes[1], channels: 1, channelsLast: true };
  if (axes.length !== 3) return undefined;
  const [first, middle, last] = axes;
  if (last === 1 || last === 3) return { height: first, width: middle, channels: last, channelsLast: true };
  if (first === 1 || first === 3)
    return { height: middle, width: last, channels: first, channelsLast: false };
  return undefined;
}
