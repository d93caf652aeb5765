/** Data files: npy, npz, gzip, idx, JSON and tables. */
import { gzipSync, zipSync } from "fflate";
import { writeNpy } from "../../../src/data/npy.ts";
import { readDataFile } from "../../../src/data/readDataFile.ts";
import { mutated, type SeedFile } from "../mutator.ts";
import type { Random } from "../random.ts";
import type { FuzzTarget } from "../target.ts";
import { mutatedValue, type Value } from "../values.ts";

/** Archives may unpack to 1 GiB, which is then read. */
const DATA_BYTES = 2.5 * 2 ** 30;

const encoder = new TextEncoder();

const JSON_VALUES: readonly Value[] = [
  { input_data: [[0.5, -1, 2, 3]] },
  [
    [1, 2],
    [3, 4],
  ],
  { name: "x", shape: [2, 2], data: [1, 2, 3, 4] },
  [{ shape: [1], data: [true] }],
];

const TABLE = "a;b;c\n1;2;3\r\n-4.5;5e3;+6\n";

function seedFiles(): SeedFile[] {
  const floats = writeNpy({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  const bytes = writeNpy({ shape: [5], data: Uint8Array.of(1, 2, 3, 4, 5) });
  const idx = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);
  const texts = JSON_VALUES.map((value) => encoder.encode(JSON.stringify(value)));
  const table = encoder.encode(TABLE);
  const archive = zipSync({ "x.npy": floats, "y.npy": bytes });
  return [floats, bytes, idx, archive, gzipSync(floats), gzipSync(table), table, ...texts].map((file) => ({
    bytes: file,
    fields: [],
  }));
}

const PIECES = [
  "1",
  "-",
  "+",
  ".",
  "e",
  "nan",
  "Infinity",
  "0x1",
  ",",
  ";",
  "\t",
  '"',
  "\n",
  " ",
  "1e999",
  "\ufeff",
];

function mutatedTable(random: Random): Uint8Array {
  let text = TABLE;
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = random.below(text.length + 1);
    text = text.slice(0, at) + random.pick(PIECES) + text.slice(at + random.below(2));
  }
  return encoder.encode(text);
}

export function dataTarget(): FuzzTarget {
  const seeds = seedFiles();
  return {
    name: "data",
    isForgery: false,
    maxBytes: DATA_BYTES,
    mutate: (random) => {
      const kind = random.below(4);
      if (kind === 0) return { bytes: mutatedTable(random), seed: 0 };
      if (kind === 1) {
        const value = mutatedValue(random.pick(JSON_VALUES), random);
        return { bytes: encoder.encode(JSON.stringify(value)), seed: 0 };
      }
      return mutated(seeds, random);
    },
    run: ({ bytes }) => {
      readDataFile(bytes, "data");
      return "accepted";
    },
  };
}
