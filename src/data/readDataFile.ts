/** Any data file → tensors. */

import { gunzip, isGzip, isZip, readNpz } from "./archives.ts";
import { readCsv } from "./csv.ts";
import { dataError } from "./dataError.ts";
import type { DataFile, DataTensor } from "./dataFile.ts";
import { isIdx, readIdx } from "./idx.ts";
import { readJson } from "./json.ts";
import { isNpy, readNpy } from "./npy.ts";

/**
 * Reads `.npy`, `.npz`, `.json`, `.csv` and idx files, each also packed with gzip. The format is recognised by content;
 * text that is no JSON is taken as a table. Throws `input.unreadable`, `input.dtype`, `input.shape` (ragged rows) and
 * `input.nonFinite`.
 */
export function readDataFile(bytes: Uint8Array, fileName: string): DataFile {
  const unpacked = isGzip(bytes) ? gunzip(bytes, fileName) : bytes;
  if (unpacked.length === 0)
    throw dataError("input.unreadable", fileName, "expected data, got an empty file");
  const tensors = readTensors(unpacked, fileName);
  for (const tensor of tensors) requireFinite(tensor, fileName);
  return { fileName, tensors };
}

function readTensors(bytes: Uint8Array, fileName: string): DataTensor[] {
  if (isNpy(bytes)) return [readNpy(bytes, fileName)];
  if (isZip(bytes)) return readNpz(bytes, fileName);
  if (isIdx(bytes)) return [readIdx(bytes, fileName)];
  const first = bytes.find((byte) => byte > 0x20);
  if (first === 0x5b || first === 0x7b || /\.json$/i.test(fileName)) return readJson(bytes, fileName);
  if (bytes.includes(0)) {
    throw dataError(
      "input.unreadable",
      fileName,
      "expected an .npy, .npz, .json, .csv or idx file, got other bytes",
    );
  }
  return [readCsv(bytes, fileName)];
}

/** Row and column, counted from 1, of an element of a table. */
function positionOf(index: number, shape: readonly number[]): string {
  if (shape.length !== 2 || shape[1] === 0) return "";
  return ` (row ${Math.floor(index / shape[1]) + 1}, column ${(index % shape[1]) + 1})`;
}

function requireFinite({ name, data, shape }: DataTensor, fileName: string): void {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return;
  const index = data.findIndex((x) => !Number.isFinite(x));
  if (index < 0) return;
  const place = name === undefined ? "" : `array "${name}": `;
  throw dataError(
    "input.nonFinite",
    fileName,
    `${place}expected finite numbers, got ${data[index]} at index ${index}${positionOf(index, shape)}`,
  );
}
