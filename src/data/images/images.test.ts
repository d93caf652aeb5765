import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import { describe, expect, test } from "vitest";
import { isImage, readImage } from "./image.ts";
import { imageTensor } from "./imageTensor.ts";
import { orientationOf, turned } from "./orientation.ts";
import type { Pixels } from "./pixels.ts";
import { resized } from "./resize.ts";

const RED = [200, 10, 20];
const BLUE = [5, 30, 250];
/** Two pixels side by side. */
const PAIR: Pixels = { width: 2, height: 1, rgb: Uint8Array.of(...RED, ...BLUE) };

/** A bitmap of PAIR; `pixels` are a row as stored, `extra` what stands between header and pixels. */
function bmp(
  bits: number,
  pixels: number[],
  { extra = [] as number[], height = 1, compression = 0 } = {},
): Uint8Array {
  const start = 54 + extra.length;
  const bytes = new Uint8Array(start + Math.ceil(pixels.length / 4) * 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, 2, true);
  view.setInt32(22, height, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  bytes.set(extra, 54);
  bytes.set(pixels, start);
  return bytes;
}

const bgr = (rgb: readonly number[]): number[] => [...rgb].reverse();

describe("bitmaps", () => {
  const masks = [0, 0, 0xff, 0, 0, 0xff, 0, 0, 0xff, 0, 0, 0];
  test.each([
    ["24 bits", bmp(24, [...bgr(RED), ...bgr(BLUE)])],
    ["24 bits, top down", bmp(24, [...bgr(RED), ...bgr(BLUE)], { height: -1 })],
    ["32 bits", bmp(32, [...bgr(RED), 0, ...bgr(BLUE), 0])],
    ["32 bits with masks", bmp(32, [...bgr(RED), 0, ...bgr(BLUE), 0], { extra: masks, compression: 3 })],
    ["a palette", bmp(8, [1, 0], { extra: [...bgr(BLUE), 0, ...bgr(RED), 0] })],
  ])("%s", (_, bytes) => {
    expect(isImage(bytes)).toBe(true);
    expect(readImage(bytes, "x.bmp")).toEqual(PAIR);
  });

  test("rows run from the bottom", () => {
    const bytes = bmp(24, [...bgr(RED), ...bgr(RED), 0, 0, ...bgr(BLUE), ...bgr(BLUE)], { height: 2 });
    expect([...readImage(bytes, "x.bmp").rgb.subarray(0, 3)]).toEqual(BLUE);
  });

  test.each([
    ["compressed pixels", bmp(8, [1, 0], { compression: 1 }), /got 8 bits, compression 1/],
    [
      "other masks",
      bmp(32, [0, 0, 0, 0, 0, 0, 0, 0], { extra: [...masks].reverse(), compression: 3 }),
      /32 bits/,
    ],
    ["a cut", bmp(24, [...bgr(RED), ...bgr(BLUE)]).subarray(0, 60), /needs 62 bytes, got 60/],
    ["no rows", bmp(24, [], { height: 0 }), /got 2 × 0/],
    ["more pixels than can be", bmp(24, [], { height: 2 ** 30 }), /pixels, got 2 × 1073741824/],
  ])("%s: refused", (_, bytes, reason) => {
    expect(() => readImage(bytes, "x.bmp")).toThrow(reason);
  });
});

describe("PNG", () => {
  const png = (channels: number, data: number[], depth: 8 | 16 = 8): Uint8Array => {
    const array = depth === 16 ? Uint16Array.from(data) : Uint8Array.from(data);
    return encodePng({ width: 2, height: 1, data: array, channels, depth });
  };

  test.each([
    ["colours", png(3, [...RED, ...BLUE]), [...RED, ...BLUE]],
    ["colours with opacity, which is dropped", png(4, [...RED, 0, ...BLUE, 9]), [...RED, ...BLUE]],
    ["greys", png(1, [7, 200]), [7, 7, 7, 200, 200, 200]],
    ["greys with opacity", png(2, [7, 0, 200, 255]), [7, 7, 7, 200, 200, 200]],
    ["16 bits", png(1, [0x0701, 0xc8ff], 16), [7, 7, 7, 200, 200, 200]],
  ])("%s", (_, bytes, rgb) => {
    expect(isImage(bytes)).toBe(true);
    expect(readImage(bytes, "x.png")).toEqual({ width: 2, height: 1, rgb: Uint8Array.from(rgb) });
  });

  // Made by Pillow: modes "1" and "P" (four colours) of a row of three pixels.
  test.each([
    [
      "one bit",
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAQAAAAAzmykZAAAACklEQVR4nGNYAAAAogCh3I2xzAAAAABJRU5ErkJggg==",
      [255, 255, 255, 0, 0, 0, 255, 255, 255],
    ],
    [
      "two bits of a palette",
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAgMAAABmjvwnAAAADFBMVEUJCAfIChQFHvoBAgM9KuXiAAAACklEQVR4nGPwAAAASgBJoenHlwAAAABJRU5ErkJggg==",
      [...RED, 9, 8, 7, ...BLUE],
    ],
  ])("%s", (_, base64, rgb) => {
    expect([...readImage(Buffer.from(base64, "base64"), "x.png").rgb]).toEqual(rgb);
  });

  test("damage and size are named", () => {
    const whole = png(3, [...RED, ...BLUE]);
    expect(() => readImage(whole.subarray(0, 20), "x.png")).toThrow(/"x.png": the PNG image is cut off/);
    expect(() => readImage(whole.subarray(0, 50), "x.png")).toThrow(/cannot be decoded/);
    const huge = Uint8Array.from(whole);
    huge.set([0x7f, 0xff, 0xff, 0xff], 16);
    expect(() => readImage(huge, "x.png")).toThrow(/got 2147483647 × 1/);
  });
});

describe("JPEG", () => {
  const data = new Uint8Array(16 * 16 * 4).map((_, i) => [...RED, 255][i % 4]);
  const bytes = new Uint8Array(jpeg.encode({ width: 16, height: 16, data }, 95).data);

  test("colours, nearly", () => {
    const { width, height, rgb } = readImage(bytes, "x.jpg");
    expect([width, height]).toEqual([16, 16]);
    rgb.forEach((value, i) => {
      expect(Math.abs(value - RED[i % 3])).toBeLessThanOrEqual(3);
    });
  });

  test("damage is named", () => {
    expect(() => readImage(bytes.subarray(0, 100), "x.jpg")).toThrow(
      /"x.jpg": the JPEG image cannot be decoded/,
    );
  });
});

describe("orientation", () => {
  const exif = (value: number, little: boolean): Uint8Array => {
    const view = new DataView(new ArrayBuffer(27));
    view.setUint16(1, little ? 0x4949 : 0x4d4d);
    view.setUint16(3, 42, little);
    view.setUint32(5, 8, little);
    view.setUint16(9, 1, little);
    view.setUint16(11, 0x0112, little);
    view.setUint16(13, 3, little);
    view.setUint32(15, 1, little);
    view.setUint16(19, value, little);
    return new Uint8Array(view.buffer);
  };

  test("is read in both byte orders; upright where there is none", () => {
    expect(orientationOf(exif(6, true))).toBe(6);
    expect(orientationOf(exif(8, false))).toBe(8);
    expect(orientationOf(exif(9, false))).toBe(1);
    expect(orientationOf(exif(6, true).subarray(0, 18))).toBe(1);
    expect(orientationOf(undefined)).toBe(1);
  });

  // Pixels a b / c d, by their red.
  const square: Pixels = { width: 2, height: 2, rgb: Uint8Array.from([1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0]) };
  test.each([
    [1, [1, 2, 3, 4]],
    [2, [2, 1, 4, 3]],
    [3, [4, 3, 2, 1]],
    [4, [3, 4, 1, 2]],
    [5, [1, 3, 2, 4]],
    [6, [3, 1, 4, 2]],
    [7, [4, 2, 3, 1]],
    [8, [2, 4, 1, 3]],
  ])("%i", (orientation, reds) => {
    expect([...turned(square, orientation).rgb].filter((_, i) => i % 3 === 0)).toEqual(reds);
  });

  test("a turned row is a column", () => {
    expect(turned(PAIR, 6)).toMatchObject({ width: 1, height: 2 });
  });
});

describe("resizing", () => {
  const grey = (width: number, height: number, ...values: number[]): Pixels => ({
    width,
    height,
    rgb: Uint8Array.from(values.flatMap((value) => [value, value, value])),
  });
  const greys = ({ rgb }: Pixels): number[] => [...rgb].filter((_, i) => i % 3 === 0);

  // The values are Pillow's (Image.resize with BILINEAR).
  test.each([
    ["larger", grey(2, 1, 0, 100), 4, 1, [0, 25, 75, 100]],
    ["smaller", grey(4, 1, 0, 100, 200, 40), 2, 1, [71, 117]],
    ["the other axis", grey(1, 4, 0, 100, 200, 40), 1, 2, [71, 117]],
    ["the same size", grey(2, 1, 3, 9), 2, 1, [3, 9]],
  ])("%s", (_, image, width, height, expected) => {
    expect(greys(resized(image, width, height))).toEqual(expected);
  });
});

describe("as a model's input", () => {
  const tensor = (shape: number[], normalisation?: { mean: number[]; scale: number[] }): number[] =>
    Array.from(imageTensor(PAIR, { name: "x", shape }, "photo.png", normalisation).data);

  test("channels last, channels first, and grey", () => {
    expect(tensor([1, 2, 3])).toEqual([...RED, ...BLUE]);
    expect(tensor([1, 1, 2, 3])).toEqual([...RED, ...BLUE]);
    expect(tensor([3, 1, 2])).toEqual([200, 5, 10, 30, 20, 250]);
    const greys = [RED, BLUE].map(([r, g, b]) => Math.round(0.299 * r + 0.587 * g + 0.114 * b));
    for (const shape of [
      [1, 2, 1],
      [1, 1, 2],
      [1, 2],
    ])
      expect(tensor(shape)).toEqual(greys);
  });

  test("normalised by one number or by channel", () => {
    expect(tensor([1, 2, 3], { mean: [100], scale: [50] })).toEqual(
      [...RED, ...BLUE].map((x) => Math.fround((x - 100) / 50)),
    );
    expect(tensor([3, 1, 2], { mean: [200, 10, 20], scale: [1] })).toEqual([0, -195, 0, 20, 0, 230]);
  });

  test.each([
    [[784], /input "x" has shape \[784\]/],
    [[4, 1, 2], /1 or 3 channels; input "x" has shape \[4, 1, 2\]/],
    [[2, 1, 2, 3], /1 or 3 channels/],
  ])("an input of shape %j is none", (shape, reason) => {
    expect(() => tensor(shape)).toThrow(expect.objectContaining({ code: "input.shape", where: "photo.png" }));
    expect(() => tensor(shape)).toThrow(reason);
  });

  test("as many numbers as channels", () => {
    expect(() => tensor([1, 2, 3], { mean: [1, 2], scale: [1] })).toThrow(
      /1 number or 3 as the mean of pixels, got 2/,
    );
  });
});
