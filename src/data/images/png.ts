/** PNG images, decoded by fast-png. */

import { convertIndexedToRgb, type DecodedPng, decode } from "fast-png";
import { dataError } from "../dataError.ts";
import { type Pixels, requireSize } from "./pixels.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Width and height stand at a fixed place: the header is the first chunk. */
const SIZE_OFFSET = 16;

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** The colours as stored, whatever their transparency. Throws `input.unreadable`. */
export function readPng(bytes: Uint8Array, fileName: string): Pixels {
  if (bytes.length < SIZE_OFFSET + 8)
    throw dataError("input.unreadable", fileName, "the PNG image is cut off");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  requireSize(view.getUint32(SIZE_OFFSET), view.getUint32(SIZE_OFFSET + 4), fileName);
  try {
    const image = decode(bytes, { checkCrc: true });
    return { width: image.width, height: image.height, rgb: rgbOf(image) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown";
    throw dataError("input.unreadable", fileName, `the PNG image cannot be decoded (${reason})`, cause);
  }
}

function rgbOf(image: DecodedPng): Uint8Array {
  const { palette, width, height, depth, channels } = image;
  const pixels = width * height;
  if (palette !== undefined) return firstThree(convertIndexedToRgb(image), palette[0].length, pixels);
  const bytes = depth < 8 ? unpacked(image) : depth === 16 ? highBytes(image.data) : image.data;
  return firstThree(bytes, channels, pixels);
}

/** Grey (with or without opacity) three times, or the colours without opacity. */
function firstThree(values: ArrayLike<number>, channels: number, pixels: number): Uint8Array {
  const isGrey = channels < 3;
  return Uint8Array.from({ length: pixels * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return values[pixel * channels + (isGrey ? 0 : i % 3)];
  });
}

function highBytes(data: ArrayLike<number>): Uint8Array {
  return Uint8Array.from({ length: data.length }, (_, i) => data[i] >> 8);
}

/** Several grey pixels to a byte, the first in the highest bits; each row begins a byte. */
function unpacked({ data, width, height, depth }: DecodedPng): Uint8Array {
  const largest = 2 ** depth - 1;
  const rowBytes = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)];
    return (((byte >> (8 - depth - (bit & 7))) & largest) * 255) / largest;
  });
}
