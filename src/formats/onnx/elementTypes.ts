/** ONNX element types (TensorProto.DataType): how their elements are stored and what they are read as. */

import type { ElementType } from "../../tensor/tensor.ts";

export interface StoredType {
  readonly name: string;
  readonly readAs: ElementType;
  /** Bytes per element in `raw_data`. */
  readonly width: number;
  /** Reads one element at a byte offset of `raw_data` (little-endian). */
  readonly read: (view: DataView, offset: number) => number;
  /** The typed field that holds the elements where `raw_data` is absent. */
  readonly field: "float" | "double" | "int32" | "int64" | "uint64";
}

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** int64 and uint64 to a double, limits clamped (see `IntTensor`). */
export function clampInteger(x: bigint): number {
  if (x > MAX_EXACT) return Number.MAX_SAFE_INTEGER;
  return x < -MAX_EXACT ? -Number.MAX_SAFE_INTEGER : Number(x);
}

/** IEEE half precision from its bit pattern. */
export function halfFromBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 from its bit pattern: the upper half of a single-precision number. */
export function brainFloatFromBits(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, (bits & 0xffff) << 16);
  return view.getFloat32(0);
}

const TYPES: ReadonlyMap<number, StoredType> = new Map<number, StoredType>([
  [1, { name: "float", readAs: "float32", width: 4, read: (v, o) => v.getFloat32(o, true), field: "float" }],
  [2, { name: "uint8", readAs: "uint8", width: 1, read: (v, o) => v.getUint8(o), field: "int32" }],
  [3, { name: "int8", readAs: "int8", width: 1, read: (v, o) => v.getInt8(o), field: "int32" }],
  [4, { name: "uint16", readAs: "uint16", width: 2, read: (v, o) => v.getUint16(o, true), field: "int32" }],
  [5, { name: "int16", readAs: "int16", width: 2, read: (v, o) => v.getInt16(o, true), field: "int32" }],
  [6, { name: "int32", readAs: "int32", width: 4, read: (v, o) => v.getInt32(o, true), field: "int32" }],
  [
    7,
    {
      name: "int64",
      readAs: "int64",
      width: 8,
      read: (v, o) => clampInteger(v.getBigInt64(o, true)),
      field: "int64",
    },
  ],
  [
    9,
    {
      name: "bool",
      readAs: "bool",
      width: 1,
      read: (v, o) => (v.getUint8(o) === 0 ? 0 : 1),
      field: "int32",
    },
  ],
  [
    10,
    {
      name: "float16",
      readAs: "float32",
      width: 2,
      read: (v, o) => halfFromBits(v.getUint16(o, true)),
      field: "int32",
    },
  ],
  [
    11,
    { name: "double", readAs: "float32", width: 8, read: (v, o) => v.getFloat64(o, true), field: "double" },
  ],
  [12, { name: "uint32", readAs: "uint32", width: 4, read: (v, o) => v.getUint32(o, true), field: "uint64" }],
  [
    13,
    {
      name: "uint64",
      readAs: "uint64",
      width: 8,
      read: (v, o) => clampInteger(v.getBigUint64(o, true)),
      field: "uint64",
    },
  ],
  [
    16,
    {
      name: "bfloat16",
      readAs: "float32",
      width: 2,
      read: (v, o) => brainFloatFromBits(v.getUint16(o, true)),
      field: "int32",
    },
  ],
]);

/** `undefined` for strings, complex numbers and the sub-byte and 8-bit floating types. */
export function storedType(dataType: number): StoredType | undefined {
  return TYPES.get(dataType);
}
