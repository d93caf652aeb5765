/** How a camera was held: the Exif orientation (CIPA DC-008, 4.6.4), and pixels turned by it. */

import type { Pixels } from "./pixels.ts";

const ORIENTATION_TAG = 0x0112;
const UPRIGHT = 1;

/** 1 to 8; 1, upright, where Exif data (from "Exif\0" on) say nothing that can be read. */
export function orientationOf(exif: Uint8Array | undefined): number {
  // A byte of padding, then a TIFF file: byte order, 42, the place of the first directory.
  const tiff = exif?.subarray(1);
  if (tiff === undefined || tiff.length < 14) return UPRIGHT;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return UPRIGHT;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.length) return UPRIGHT;
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : UPRIGHT;
  }
  return UPRIGHT;
}

/** Turned and mirrored so that the image stands upright. */
export function turned(image: Pixels, orientation: number): Pixels {
  if (orientation === UPRIGHT) return image;
  const swapped = orientation >= 5;
  const [width, height] = swapped ? [image.height, image.width] : [image.width, image.height];
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const rgb = new Uint8Array(image.rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = swapped ? [y, x] : [x, y];
      const from =
        (fromBottom ? image.height - 1 - row : row) * image.width +
        (fromRight ? image.width - 1 - column : column);
      rgb.set(image.rgb.subarray(3 * from, 3 * from + 3), 3 * (y * width + x));
    }
  }
  return { width, height, rgb };
}
