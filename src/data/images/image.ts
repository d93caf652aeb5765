/** Photographs: JPEG, PNG and BMP files as pixels. */

import { dataError } from "../dataError.ts";
import { isBmp, readBmp } from "./bmp.ts";
import { isJpeg, readJpeg } from "./jpeg.ts";
import type { Pixels } from "./pixels.ts";
import { isPng, readPng } from "./png.ts";

/** Whether a file is an image, by its first bytes. */
export function isImage(bytes: Uint8Array): boolean {
  return isJpeg(bytes) || isPng(bytes) || isBmp(bytes);
}

/** Decodes an image as it is meant to be seen: turned as its Exif data say, without transparency. Throws `input.unreadable`. */
export function readImage(bytes: Uint8Array, fileName: string): Pixels {
  if (isJpeg(bytes)) return readJpeg(bytes, fileName);
  if (isPng(bytes)) return readPng(bytes, fileName);
  if (isBmp(bytes)) return readBmp(bytes, fileName);
  throw dataError("input.unreadable", fileName, "expected a JPEG, PNG or BMP image, got other bytes");
}
