/** Windows bitmaps: uncompressed, with 8 (palette), 24 or 32 bits for each pixel, as all programs write them. */

import { dataError } from "../dataError.ts";
import { type Pixels, requireSize } from "./pixels.ts";

const FILE_HEADER_BYTES = 14;
const INFO_HEADER_BYTES = 40;
/** No compression, and masks for red, green and blue; the masks are those of uncompressed pixels. */
const RGB = 0;
const BITFIELDS = 3;
const STANDARD_MASKS = [0xff0000, 0xff00, 0xff];

export function isBmp(bytes: Uint8Array): boolean {
  return (
    bytes.length >= FILE_HEADER_BYTES + INFO_HEADER_BYTES &&
    bytes[0] === 0x42 &&
    bytes[1] === 0x4d &&
    bytes[FILE_HEADER_BYTES] >= INFO_HEADER_BYTES &&
    bytes.subarray(FILE_HEADER_BYTES + 1, FILE_HEADER_BYTES + 4).every((byte) => byte === 0)
  );
}

/** Throws `input.unreadable`. */
export function readBmp(bytes: Uint8Array, fileName: string): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  requireSize(width, height, fileName);
  const known = compression === RGB ? [8, 24, 32].includes(bits) : compression === BITFIELDS && bits === 32;
  if (!known || (compression === BITFIELDS && !hasStandardMasks(view))) {
    const reason = `expected a bitmap without compression, of 8, 24 or 32 bits; got ${bits} bits, compression ${compression}`;
    throw dataError("input.unreadable", fileName, reason);
  }
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const needed = start + rowBytes * height;
  if (bytes.length < needed) {
    throw dataError("input.unreadable", fileName, `the bitmap needs ${needed} bytes, got ${bytes.length}`);
  }
  const rgb = new Uint8Array(width * height * 3);
  const step = bits / 8;
  const palette = FILE_HEADER_BYTES + headerBytes;
  for (let y = 0; y < height; y++) {
    // Rows run upwards unless the height is negative.
    const row = start + rowBytes * (signedHeight > 0 ? height - 1 - y : y);
    for (let x = 0; x < width; x++) {
      const pixel = row + x * step;
      const blue = bits === 8 ? palette + 4 * bytes[pixel] : pixel;
      const to = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++) rgb[to + channel] = bytes[blue + 2 - channel];
    }
  }
  return { width, height, rgb };
}

function hasStandardMasks(view: DataView): boolean {
  const masks = FILE_HEADER_BYTES + INFO_HEADER_BYTES;
  return (
    view.byteLength >= masks + 12 &&
    STANDARD_MASKS.every((mask, i) => view.getUint32(masks + 4 * i, true) === mask)
  );
}
