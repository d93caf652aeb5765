/** NumPy's .npy format, read and written (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */

import { elementCount, formatShape, type Shape, stridesOf } from "../tensor/shape.ts";
import { walkStrided } from "../tensor/strided.ts";
import { dataError } from "./dataError.ts";
import type { DataArray, DataTensor } from "./dataFile.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MAX_AXES = 32;

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

interface NpyType {
  readonly width: number;
  readonly integer: boolean;
  readonly allocate: (count: number) => DataArray;
  /** Reads one element; the last argument is true for little-endian data. */
  readonly read: (view: DataView, offset: number, little: boolean) => number;
}

// NumPy's type codes without the byte-order mark.
const TYPES: Readonly<Record<string, NpyType>> = {
  f4: {
    width: 4,
    integer: false,
    allocate: (n) => new Float32Array(n),
    read: (v, o, e) => v.getFloat32(o, e),
  },
  f8: {
    width: 8,
    integer: false,
    allocate: (n) => new Float64Array(n),
    read: (v, o, e) => v.getFloat64(o, e),
  },
  i1: { width: 1, integer: true, allocate: (n) => new Int8Array(n), read: (v, o) => v.getInt8(o) },
  i2: { width: 2, integer: true, allocate: (n) => new Int16Array(n), read: (v, o, e) => v.getInt16(o, e) },
  i4: { width: 4, integer: true, allocate: (n) => new Int32Array(n), read: (v, o, e) => v.getInt32(o, e) },
  i8: {
    width: 8,
    integer: true,
    allocate: (n) => new Float64Array(n),
    read: (v, o, e) => Number(v.getBigInt64(o, e)),
  },
  u1: { width: 1, integer: true, allocate: (n) => new Uint8Array(n), read: (v, o) => v.getUint8(o) },
  u2: { width: 2, integer: true, allocate: (n) => new Uint16Array(n), read: (v, o, e) => v.getUint16(o, e) },
  u4: { width: 4, integer: true, allocate: (n) => new Uint32Array(n), read: (v, o, e) => v.getUint32(o, e) },
  u8: {
    width: 8,
    integer: true,
    allocate: (n) => new Float64Array(n),
    read: (v, o, e) => Number(v.getBigUint64(o, e)),
  },
  // Booleans, as signed bytes: unsigned ones could be taken for pixels.
  b1: {
    width: 1,
    integer: true,
    allocate: (n) => new Int8Array(n),
    read: (v, o) => (v.getUint8(o) === 0 ? 0 : 1),
  },
};

interface NpyHeader {
  readonly type: NpyType;
  readonly little: boolean;
  readonly columnMajor: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

/** Reads one array. Throws `input.unreadable` (damaged) and `input.dtype` (strings, complex numbers, 64 bits too large). */
export function readNpy(bytes: Uint8Array, fileName: string): DataTensor {
  const { type, little, columnMajor, shape, dataStart } = readHeader(bytes, fileName);
  const count = elementCount(shape);
  const available = bytes.length - dataStart;
  if (!Number.isSafeInteger(count) || count * type.width > available) {
    const needed = `an array of shape ${formatShape(shape)} needs ${count * type.width} bytes`;
    throw dataError(
      "input.unreadable",
      fileName,
      `${needed} but only ${available} follow the header; the file is cut off`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, count * type.width);
  const stored = type.allocate(count);
  for (let i = 0; i < count; i++) {
    const element = type.read(view, i * type.width, little);
    if (type.integer && !Number.isSafeInteger(element)) {
      throw dataError("input.dtype", fileName, `the integer at index ${i} is beyond ±(2^53 − 1)`);
    }
    stored[i] = element;
  }
  return { shape, data: columnMajor ? toRowMajor(stored, shape, type) : stored, integer: type.integer };
}

function toRowMajor(stored: DataArray, shape: Shape, type: NpyType): DataArray {
  const data = type.allocate(stored.length);
  const strides = stridesOf(shape.toReversed()).reverse();
  walkStrided(shape, strides, (position, offset) => {
    data[position] = stored[offset];
  });
  return data;
}

function readHeader(bytes: Uint8Array, fileName: string): NpyHeader {
  const fail = (reason: string): never => {
    throw dataError("input.unreadable", fileName, `${reason} in the header of the .npy file`);
  };
  if (!isNpy(bytes) || bytes.length < 10)
    fail("expected NumPy's signature and a version, found something else");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = bytes[6] >= 2;
  if (bytes[6] < 1 || bytes[6] > 3 || (long && bytes.length < 12))
    fail(`expected version 1 to 3, found ${bytes[6]}`);
  const dataStart = long ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  if (dataStart > bytes.length) fail("the end of the file is");
  const text = new TextDecoder().decode(bytes.subarray(long ? 12 : 10, dataStart));
  const descr = /'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d*)/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const axes = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text);
  if (order === null || axes === null) return fail("expected fortran_order and shape, found other text");
  const shape = axes[1].split(",").flatMap((part) => (part.trim() === "" ? [] : [Number.parseInt(part, 10)]));
  if (shape.length > MAX_AXES) fail(`expected at most ${MAX_AXES} axes, found ${shape.length}`);
  const type = descr === null ? undefined : TYPES[descr[2]];
  if (descr === null || type === undefined) {
    const found = /'descr'\s*:\s*(.{0,40})/.exec(text)?.[1] ?? "none";
    const known = Object.keys(TYPES).join(", ");
    throw dataError("input.dtype", fileName, `expected elements of one of the types ${known}, got ${found}`);
  }
  return { type, little: descr[1] !== ">", columnMajor: order[1] === "True", shape, dataStart };
}

/** An array as a version 1 .npy file, little-endian and row-major. */
export function writeNpy(tensor: { readonly shape: Shape; readonly data: DataArray }): Uint8Array {
  const { shape, data } = tensor;
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const fields = `{'descr': '${codeOf(data)}', 'fortran_order': False, 'shape': (${axes}), }`;
  // Data begins at a multiple of 64 bytes, behind a line end.
  const padding = (64 - ((10 + fields.length + 1) % 64)) % 64;
  const header = new TextEncoder().encode(`${fields}${" ".repeat(padding)}\n`);
  const bytes = new Uint8Array(10 + header.length + data.byteLength);
  bytes.set([...MAGIC, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(header, 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length);
  return bytes;
}

function codeOf(data: DataArray): string {
  const order = data.BYTES_PER_ELEMENT === 1 ? "|" : HOST_ORDER;
  if (data instanceof Float32Array || data instanceof Float64Array)
    return `${order}f${data.BYTES_PER_ELEMENT}`;
  const signed = data instanceof Int8Array || data instanceof Int16Array || data instanceof Int32Array;
  return `${order}${signed ? "i" : "u"}${data.BYTES_PER_ELEMENT}`;
}

const HOST_ORDER = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? "<" : ">";
