/** TensorProto → Tensor. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { elementCount, formatShape } from "../../tensor/shape.ts";
import { intTensor, type Tensor, zeros } from "../../tensor/tensor.ts";
import { brainFloatFromBits, halfFromBits, type StoredType, storedType } from "./elementTypes.ts";
import { EXTERNAL_LOCATION, STRING_ENTRY, TENSOR } from "./fields.ts";
import type { Span, WireFile } from "./wire.ts";

export interface ReadTensor {
  readonly name: string;
  /** `undefined` when the elements are of a type that is not read; `typeName` then says which. */
  readonly tensor: Tensor | undefined;
  readonly typeName: string;
}

/**
 * Reads a tensor. Single-precision `raw_data` is used in place where it is aligned. Throws `model.externalData` for
 * elements kept in another file and `model.malformed` when there are more or fewer than the shape says.
 */
export function readTensor(file: WireFile, span: Span): ReadTensor {
  let name = "";
  let dataType = 0;
  let raw: Uint8Array | undefined;
  let external = false;
  let location = "";
  const shape: number[] = [];
  const numbers: number[] = [];
  file.forEachField(span, (reader) => {
    switch (reader.field) {
      case TENSOR.dims:
        return reader.ints(shape);
      case TENSOR.dataType:
        dataType = reader.int();
        return;
      case TENSOR.name:
        name = reader.string();
        return;
      case TENSOR.rawData:
        raw = reader.bytes();
        return;
      case TENSOR.floatData:
        return reader.floats(numbers);
      case TENSOR.doubleData:
        return reader.doubles(numbers);
      case TENSOR.int32Data:
      case TENSOR.int64Data:
      case TENSOR.uint64Data:
        return reader.ints(numbers);
      case TENSOR.dataLocation:
        external = reader.int() === EXTERNAL_LOCATION;
        return;
      case TENSOR.externalData:
        location = readLocation(file, reader.message()) ?? location;
        return;
    }
  });
  if (external) {
    throw new TensorproofError(
      "model.externalData",
      `ONNX file: the elements of tensor "${name}" are in another file ("${location}"); save the model as one file with its weights inside`,
      { where: name },
    );
  }
  const type = storedType(dataType);
  if (type === undefined) return { name, tensor: undefined, typeName: `element type ${dataType}` };
  requireCount(name, shape, raw === undefined ? numbers.length : raw.length / type.width);
  const tensor = raw === undefined ? fromNumbers(shape, type, numbers) : fromRaw(shape, type, raw);
  return { name, tensor, typeName: type.name };
}

function readLocation(file: WireFile, entry: Span): string | undefined {
  let key = "";
  let value = "";
  file.forEachField(entry, (reader) => {
    if (reader.field === STRING_ENTRY.key) key = reader.string();
    if (reader.field === STRING_ENTRY.value) value = reader.string();
  });
  return key === "location" ? value : undefined;
}

function requireCount(name: string, shape: readonly number[], got: number): void {
  const expected = elementCount(shape);
  if (shape.every((length) => length >= 0) && expected === got) return;
  throw new TensorproofError(
    "model.malformed",
    `ONNX file: tensor "${name}" of shape ${formatShape(shape)} should hold ${expected} elements but holds ${got}`,
    { where: name },
  );
}

function fromRaw(shape: readonly number[], type: StoredType, raw: Uint8Array): Tensor {
  const count = raw.length / type.width;
  if (type.name === "float" && raw.byteOffset % 4 === 0 && HOST_IS_LITTLE_ENDIAN) {
    return { shape, data: new Float32Array(raw.buffer, raw.byteOffset, count) };
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const tensor = zeros(type.readAs, shape);
  for (let i = 0; i < count; i++) tensor.data[i] = type.read(view, i * type.width);
  return tensor;
}

/** Elements from a typed field: 16-bit floating types stand there as bit patterns. */
function fromNumbers(shape: readonly number[], type: StoredType, numbers: number[]): Tensor {
  if (type.readAs !== "float32") return intTensor(shape, numbers, type.readAs);
  if (type.name === "float16") return { shape, data: Float32Array.from(numbers, halfFromBits) };
  if (type.name === "bfloat16") return { shape, data: Float32Array.from(numbers, brainFloatFromBits) };
  return { shape, data: Float32Array.from(numbers) };
}

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
