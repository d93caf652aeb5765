/** Photographs: JPEG, PNG and BMP, decoded and stretched to a small input. */
import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import { isImage, readImage } from "../../../src/data/images/image.ts";
import { imageTensor } from "../../../src/data/images/imageTensor.ts";
import { mutated, type SeedFile } from "../mutator.ts";
import type { Random } from "../random.ts";
import type { FuzzTarget } from "../target.ts";

/** A hundred million pixels is the most that a header may claim, at up to eight bytes, decoded and once more as RGB. */
const IMAGE_BYTES = 2 ** 31;
const WIDTH = 12;
const HEIGHT = 9;

function bitmap(bits: 24 | 32): Uint8Array {
  const row = Math.ceil((WIDTH * bits) / 32) * 4;
  const bytes = new Uint8Array(54 + row * HEIGHT);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, WIDTH, true);
  view.setInt32(22, HEIGHT, true);
  view.setUint16(28, bits, true);
  for (let i = 54; i < bytes.length; i++) bytes[i] = (i * 37) & 255;
  return bytes;
}

function seedImages(): SeedFile[] {
  const pixels = (channels: number): Uint8Array =>
    Uint8Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => (i * 53) & 255);
  const png = (channels: 1 | 3 | 4): Uint8Array =>
    encodePng({ width: WIDTH, height: HEIGHT, channels, depth: 8, data: pixels(channels) });
  const photo = jpeg.encode({ width: WIDTH, height: HEIGHT, data: pixels(4) }, 80).data;
  return [png(1), png(3), png(4), bitmap(24), bitmap(32), Uint8Array.from(photo), Uint8Array.from(photo)].map(
    (bytes) => ({ bytes, fields: headerWords(bytes) }),
  );
}

/** Sizes and lengths stand in the first bytes of all three formats. */
function headerWords(bytes: Uint8Array): { start: number; end: number }[] {
  const fields = [];
  for (let start = 0; start < Math.min(bytes.length - 4, 160); start++)
    fields.push({ start, end: start + 4 });
  fields.push({ start: 0, end: bytes.length });
  return fields;
}

/** The first bytes say which format it is. */
function withSignature(bytes: Uint8Array, valid: Uint8Array, random: Random): Uint8Array {
  if (bytes.length > 8 && random.below(4) > 0) bytes.set(valid.subarray(0, 3));
  return bytes;
}

export function imageTarget(): FuzzTarget {
  const seeds = seedImages();
  return {
    name: "image",
    isForgery: false,
    maxBytes: IMAGE_BYTES,
    mutate: (random) => {
      const { bytes, seed } = mutated(seeds, random);
      return { bytes: withSignature(bytes, seeds[seed].bytes, random), seed };
    },
    run: ({ bytes }) => {
      if (!isImage(bytes)) return "no image";
      imageTensor(readImage(bytes, "image"), { name: "x", shape: [8, 8, 3] }, "image");
      return "accepted";
    },
  };
}
