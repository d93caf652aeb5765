/** Class labels, as accuracy is measured against. */

import { formatShape } from "../tensor/shape.ts";
import { dataError } from "./dataError.ts";
import type { DataFile } from "./dataFile.ts";

/**
 * One non-negative integer for each sample, from the single column of a file. Throws `input.shape` when the file holds
 * more than that and `input.dtype` when a label is not an integer ≥ 0.
 */
export function toLabels(file: DataFile): Int32Array {
  const [tensor, ...others] = file.tensors;
  const columns = tensor?.shape.filter((length) => length !== 1).length ?? 0;
  if (tensor === undefined || others.length > 0 || columns > 1) {
    const got = file.tensors.map(({ shape }) => formatShape(shape)).join(", ");
    throw dataError(
      "input.shape",
      file.fileName,
      `expected one column of labels, got ${got === "" ? "nothing" : got}`,
    );
  }
  const index = tensor.data.findIndex((label) => !Number.isInteger(label) || label < 0 || label > 0x7fffffff);
  if (index >= 0) {
    throw dataError(
      "input.dtype",
      file.fileName,
      `expected integer labels from 0, got ${tensor.data[index]} at index ${index}`,
    );
  }
  return Int32Array.from(tensor.data);
}
