/** TFLite bytes → its tensors and operators, in its own terms. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { elementCount, formatShape } from "../../tensor/shape.ts";
import type { IntegerType, Tensor } from "../../tensor/tensor.ts";
import { clampInteger } from "../onnx/elementTypes.ts";
import { decodeElements, type TfliteType, tfliteType } from "./elementTypes.ts";
import { FlatFile, type FlatTable } from "./flatTable.ts";
import {
  BUFFER,
  builtinName,
  isCustom,
  MODEL,
  OPERATOR,
  OPERATOR_CODE,
  QUANTIZATION,
  SUBGRAPH,
  TENSOR,
} from "./schema.ts";

export interface TfliteTensor {
  /** Unique within the model. */
  readonly name: string;
  readonly shape: readonly number[];
  /** The shape with −1 for lengths that are left open, where the file says so. */
  readonly signature: readonly number[];
  /** `undefined` for element types that are not read. */
  readonly type: TfliteType | undefined;
  /** Which reals the integers stand for; `undefined` where they stand for themselves, and for reals. */
  readonly quantization: TfliteQuantization | undefined;
  /** Elements of a constant. */
  readonly constant: Tensor | undefined;
}

/** Integer q at an index of `axis` stands for scale · (q − zero point). One scale serves for all indices. */
export interface TfliteQuantization {
  readonly type: IntegerType;
  readonly scales: Float32Array;
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

export interface TfliteOperator {
  /** In the schema's spelling, for example `FULLY_CONNECTED`. */
  readonly name: string;
  /** Indices into `tensors`; −1 for an input that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
}

export interface TfliteModel {
  readonly name: string;
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Throws `model.truncated`, `model.malformed` and `model.tooLarge`. */
export function parseTflite(bytes: Uint8Array): TfliteModel {
  const file = new FlatFile(bytes);
  const root = file.root();
  const subgraph = root.tables(MODEL.subgraphs)[0];
  if (subgraph === undefined) throw malformed("it has no subgraph");
  const buffers = root.tables(MODEL.buffers);
  const names = new Set<string>();
  const tensors = subgraph
    .tables(SUBGRAPH.tensors)
    .map((table, i) => parseTensor(file, table, i, buffers, names));
  const codes = root.tables(MODEL.operatorCodes).map(operatorName);
  const operators = subgraph.tables(SUBGRAPH.operators).map((table, i): TfliteOperator => {
    const code = table.int32(OPERATOR.opcodeIndex);
    if (codes[code] === undefined)
      throw malformed(`operator ${i} is of kind ${code}, of ${codes.length} kinds`);
    return {
      name: codes[code],
      inputs: indices(table, OPERATOR.inputs, tensors.length),
      outputs: indices(table, OPERATOR.outputs, tensors.length),
      options: table.table(OPERATOR.options),
    };
  });
  return {
    name: subgraph.string(SUBGRAPH.name),
    tensors,
    operators,
    inputs: indices(subgraph, SUBGRAPH.inputs, tensors.length),
    outputs: indices(subgraph, SUBGRAPH.outputs, tensors.length),
  };
}

function operatorName(table: FlatTable): string {
  // Codes from 127 on do not fit the old field, which then holds 127.
  const code = Math.max(
    table.int8(OPERATOR_CODE.deprecatedBuiltinCode),
    table.int32(OPERATOR_CODE.builtinCode),
  );
  const name = builtinName(code);
  return isCustom(name) ? `CUSTOM:${table.string(OPERATOR_CODE.customCode)}` : name;
}

function indices(table: FlatTable, field: number, numTensors: number): number[] {
  const found = table.int32s(field) ?? [];
  for (const index of found) {
    if (index < -1 || index >= numTensors) throw malformed(`it refers to tensor ${index} of ${numTensors}`);
  }
  return found;
}

function parseTensor(
  file: FlatFile,
  table: FlatTable,
  index: number,
  buffers: readonly FlatTable[],
  names: Set<string>,
): TfliteTensor {
  const given = table.string(TENSOR.name) || `tensor ${index}`;
  const name = names.has(given) ? `${given}#${index}` : given;
  names.add(name);
  const shape = table.int32s(TENSOR.shape) ?? [];
  const type = tfliteType(table.int8(TENSOR.type));
  const buffer = buffers[table.int32(TENSOR.buffer)];
  if (buffer?.has(BUFFER.offset))
    throw malformed(`tensor "${name}" lies outside the flatbuffer (a file of more than 2 GiB)`);
  const bytes = buffer?.bytes(BUFFER.data);
  return {
    name,
    shape,
    signature: table.int32s(TENSOR.shapeSignature) ?? shape,
    type,
    quantization: parseQuantization(name, shape, type, table.table(TENSOR.quantization)),
    constant: bytes === undefined || bytes.length === 0 ? undefined : decode(file, name, shape, type, bytes),
  };
}

function parseQuantization(
  name: string,
  shape: readonly number[],
  type: TfliteType | undefined,
  table: FlatTable | undefined,
): TfliteQuantization | undefined {
  const scales = table?.float32s(QUANTIZATION.scale) ?? new Float32Array(0);
  // Some writers give shapes and indices a scale of 0.
  if (table === undefined || type === undefined || type.readAs === "float32" || !scales.some((x) => x !== 0))
    return undefined;
  const given = table.int64s(QUANTIZATION.zeroPoint).map(clampInteger);
  const axis = table.int32(QUANTIZATION.axis);
  const fits = scales.length === 1 || scales.length === shape[axis];
  if (!fits || (given.length !== 0 && given.length !== scales.length)) {
    const counts = `${scales.length} scales and ${given.length} zero points`;
    throw malformed(`tensor "${name}" of shape ${formatShape(shape)} has ${counts} along axis ${axis}`);
  }
  const zeroPoints = given.length === 0 ? Array.from(scales, () => 0) : given;
  return { type: type.readAs, scales, zeroPoints, axis };
}

function decode(
  file: FlatFile,
  name: string,
  shape: readonly number[],
  type: TfliteType | undefined,
  bytes: Uint8Array,
): Tensor | undefined {
  if (type === undefined) return undefined;
  const expected = elementCount(shape) * type.width;
  if (!shape.every((length) => length >= 0) || bytes.length !== expected) {
    const got = `but its buffer holds ${bytes.length}`;
    throw malformed(
      `tensor "${name}" of ${type.name} elements and shape ${formatShape(shape)} needs ${expected} bytes, ${got}`,
    );
  }
  file.spend(bytes.length);
  return decodeElements(shape, type, bytes);
}

function malformed(reason: string): TensorproofError {
  return new TensorproofError("model.malformed", `TFLite file: ${reason}`);
}
