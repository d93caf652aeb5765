/** TFLite element types (TensorType in the schema). */

import { type ElementType, type Tensor, zeros } from "../../tensor/tensor.ts";
import { clampInteger, halfFromBits } from "../onnx/elementTypes.ts";

export interface TfliteType {
  readonly name: string;
  readonly readAs: ElementType;
  readonly width: number;
  readonly read: (view: DataView, offset: number) => number;
}

const TYPES: ReadonlyMap<number, TfliteType> = new Map<number, TfliteType>([
  [0, { name: "float32", readAs: "float32", width: 4, read: (v, o) => v.getFloat32(o, true) }],
  [1, { name: "float16", readAs: "float32", width: 2, read: (v, o) => halfFromBits(v.getUint16(o, true)) }],
  [2, { name: "int32", readAs: "int32", width: 4, read: (v, o) => v.getInt32(o, true) }],
  [3, { name: "uint8", readAs: "uint8", width: 1, read: (v, o) => v.getUint8(o) }],
  [4, { name: "int64", readAs: "int64", width: 8, read: (v, o) => clampInteger(v.getBigInt64(o, true)) }],
  [6, { name: "bool", readAs: "int64", width: 1, read: (v, o) => (v.getUint8(o) === 0 ? 0 : 1) }],
  [7, { name: "int16", readAs: "int16", width: 2, read: (v, o) => v.getInt16(o, true) }],
  [9, { name: "int8", readAs: "int8", width: 1, read: (v, o) => v.getInt8(o) }],
  [10, { name: "float64", readAs: "float32", width: 8, read: (v, o) => v.getFloat64(o, true) }],
]);

/** `undefined` for strings, complex numbers and the like. */
export function tfliteType(code: number): TfliteType | undefined {
  return TYPES.get(code);
}

/** The elements of a constant, copied out of the file. `bytes` holds exactly as many as the shape needs. */
export function decodeElements(shape: readonly number[], type: TfliteType, bytes: Uint8Array): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tensor = zeros(type.readAs, shape);
  for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = type.read(view, i * type.width);
  return tensor;
}
