/** The idx format of MNIST: big-endian, two zero bytes, an element type, a number of axes, lengths, elements. */

import { elementCount, formatShape } from "../tensor/shape.ts";
import { dataError } from "./dataError.ts";
import type { DataArray, DataTensor } from "./dataFile.ts";

interface IdxType {
  readonly width: number;
  readonly integer: boolean;
  readonly allocate: (count: number) => DataArray;
  readonly read: (view: DataView, offset: number) => number;
}

const TYPES: ReadonlyMap<number, IdxType> = new Map<number, IdxType>([
  [0x08, { width: 1, integer: true, allocate: (n) => new Uint8Array(n), read: (v, o) => v.getUint8(o) }],
  [0x09, { width: 1, integer: true, allocate: (n) => new Int8Array(n), read: (v, o) => v.getInt8(o) }],
  [0x0b, { width: 2, integer: true, allocate: (n) => new Int16Array(n), read: (v, o) => v.getInt16(o) }],
  [0x0c, { width: 4, integer: true, allocate: (n) => new Int32Array(n), read: (v, o) => v.getInt32(o) }],
  [0x0d, { width: 4, integer: false, allocate: (n) => new Float32Array(n), read: (v, o) => v.getFloat32(o) }],
  [0x0e, { width: 8, integer: false, allocate: (n) => new Float64Array(n), read: (v, o) => v.getFloat64(o) }],
]);

export function isIdx(bytes: Uint8Array): boolean {
  return (
    bytes.length > 4 &&
    bytes[0] === 0 &&
    bytes[1] === 0 &&
    TYPES.has(bytes[2]) &&
    bytes[3] > 0 &&
    bytes[3] <= 8
  );
}

/** Reads one array. Throws `input.unreadable` when the file is damaged or cut off. */
export function readIdx(bytes: Uint8Array, fileName: string): DataTensor {
  const type = isIdx(bytes) ? TYPES.get(bytes[2]) : undefined;
  const dataStart = 4 + 4 * bytes[3];
  if (type === undefined || dataStart > bytes.length) {
    throw dataError("input.unreadable", fileName, "expected the header of an idx file, found something else");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: bytes[3] }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = elementCount(shape);
  if (count * type.width !== bytes.length - dataStart) {
    throw dataError(
      "input.unreadable",
      fileName,
      `an idx array of shape ${formatShape(shape)} needs ${count * type.width} bytes, got ${bytes.length - dataStart}`,
    );
  }
  const data = type.allocate(count);
  for (let i = 0; i < count; i++) data[i] = type.read(view, dataStart + i * type.width);
  return { shape, data, integer: type.integer };
}
