/** JPEG images, decoded by jpeg-js. */

import jpeg from "jpeg-js";
import { dataError } from "../dataError.ts";
import { orientationOf, turned } from "./orientation.ts";
import { type Pixels, requireSize } from "./pixels.ts";

/** jpeg-js hands the Exif data over without saying so in its types. */
interface DecodedJpeg {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly exifBuffer?: Uint8Array;
}

const MAX_MEMORY_MB = 2048;
/**
 * A block of 8 × 8 pixels takes at least one bit, so that a file of few bytes cannot be an image of many pixels: the decoder
 * would fill what a hostile header claims for minutes.
 */
const MAX_PIXELS_PER_BYTE = 512;
/** What the decoder holds of one pixel: coefficients of three channels, and bytes. */
const MEMORY_BYTES_PER_PIXEL = 24;
const MAX_MEGAPIXELS = 100;

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** Throws `input.unreadable`. */
export function readJpeg(bytes: Uint8Array, fileName: string): Pixels {
  let image: DecodedJpeg;
  const megapixels = Math.min(MAX_MEGAPIXELS, (bytes.length * MAX_PIXELS_PER_BYTE) / 1e6);
  try {
    image = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxMemoryUsageInMB: Math.min(MAX_MEMORY_MB, 16 + megapixels * MEMORY_BYTES_PER_PIXEL),
      maxResolutionInMP: megapixels,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown";
    throw dataError("input.unreadable", fileName, `the JPEG image cannot be decoded (${reason})`, cause);
  }
  const { width, height, data: rgb, exifBuffer } = image;
  requireSize(width, height, fileName);
  return turned({ width, height, rgb }, orientationOf(exifBuffer));
}
