import { dataError } from "../dataError.ts";

/** Red, green and blue of each pixel, 0 to 255, row by row from the top left. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A few bytes can claim any size. */
const MAX_PIXELS = 100_000_000;

/** Throws `input.unreadable` for sizes that no decoder should be asked for. */
export function requireSize(width: number, height: number, fileName: string): void {
  if (width >= 1 && height >= 1 && width * height <= MAX_PIXELS) return;
  const reason = `expected an image of 1 to ${MAX_PIXELS} pixels, got ${width} × ${height}`;
  throw dataError("input.unreadable", fileName, reason);
}
