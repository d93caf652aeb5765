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

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** Throws `input.unreadable`. */
export function readJpeg(bytes: Uint8Array, fileName: string): Pixels {
  let image: DecodedJpeg;
  try {
    image = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxMemoryUsageInMB: MAX_MEMORY_MB,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown";
    throw dataError("input.unreadable", fileName, `the JPEG image cannot be decoded (${reason})`, cause);
  }
  const { width, height, data: rgb, exifBuffer } = image;
  requireSize(width, height, fileName);
  return turned({ width, height, rgb }, orientationOf(exifBuffer));
}
