/** From data files to what models take: N samples of each input. */

import { elementCount, formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import type { ElementType, FloatTensor, IntTensor, Tensor } from "../tensor/tensor.ts";
import { dataError } from "./dataError.ts";
import type { DataArray, DataFile, DataTensor } from "./dataFile.ts";

export interface SampleOptions {
  /** Named in messages. */
  readonly fileName?: string;
  /** Divides unsigned bytes (pixels) by 255, into [0, 1]. Other element types are left alone. */
  readonly scaleBytes?: boolean;
  /** Takes bytes for the integers of a quantised model instead: of this range and meaning. */
  readonly byteQuant?: ByteQuant;
}

/** The bytes that a quantised model computes with: `lo` is 0 or −128; real = scale · (q − zeroPoint). */
export interface ByteQuant {
  readonly lo: number;
  readonly scale: number;
  readonly zeroPoint: number;
}

/** An input of a model: `GraphValue` is one. */
export interface ModelInput {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
  /** Where bytes of data files are the model's own integers. */
  readonly byteQuant?: ByteQuant;
}

/**
 * Splits data into samples of shape `inputShape`; the result has shape [N, …inputShape]. One sample, several along
 * a leading axis, and flat vectors of one or several samples are taken; axes of length 1 may differ. Throws `input.shape`
 * when the data does not fit or would have to be rearranged.
 */
export function toSamples(tensor: DataTensor, inputShape: Shape, options: SampleOptions = {}): FloatTensor {
  const count = countSamples(tensor.shape, inputShape);
  if (count === undefined) throw misfit(tensor, inputShape, options.fileName ?? "data");
  return { shape: [count, ...inputShape], data: realsOf(tensor.data, options) };
}

function realsOf(data: DataArray, { scaleBytes, byteQuant }: SampleOptions): Float32Array {
  const isUnsigned = data instanceof Uint8Array;
  if (byteQuant !== undefined && (isUnsigned || data instanceof Int8Array)) {
    const { lo, scale, zeroPoint } = byteQuant;
    // Pixels for a model of signed bytes are q − 128, as those who quantise such models feed them.
    const shift = isUnsigned ? lo : 0;
    return scaled(data, scale, shift - zeroPoint);
  }
  return isUnsigned && scaleBytes === true ? scaled(data, 1 / 255, 0) : new Float32Array(data);
}

/** scale · (x + offset); a loop, for data sets have tens of millions of elements. */
function scaled(data: DataArray, scale: number, offset: number): Float32Array {
  const reals = new Float32Array(data.length);
  for (let i = 0; i < reals.length; i++) reals[i] = scale * (data[i] + offset);
  return reals;
}

/** Like `toSamples` for integer inputs. Throws `input.dtype` when an element is not an integer. */
export function toIntegerSamples(
  tensor: DataTensor,
  inputShape: Shape,
  options: SampleOptions = {},
): IntTensor {
  const fileName = options.fileName ?? "data";
  const count = countSamples(tensor.shape, inputShape);
  if (count === undefined) throw misfit(tensor, inputShape, fileName);
  const index = tensor.data.findIndex((x) => !Number.isSafeInteger(x));
  if (index >= 0) {
    throw dataError(
      "input.dtype",
      fileName,
      `expected integers, got ${tensor.data[index]} at index ${index}`,
    );
  }
  return { shape: [count, ...inputShape], data: Float64Array.from(tensor.data) };
}

/**
 * One tensor of shape [N, …shape] for each input of a model, in the model's order. Arrays are matched by name where
 * there are more of them than inputs or all names agree, by position otherwise; a file of several arrays for a model of
 * one input holds one sample in each. Throws as `toSamples` does.
 */
export function toModelInputs(
  file: DataFile,
  inputs: readonly ModelInput[],
  options: SampleOptions = {},
): Tensor[] {
  const settings = { fileName: file.fileName, ...options };
  const chosen = chooseTensors(file, inputs);
  const converted = inputs.map((input, i) => {
    if (input.type !== "float32") return toIntegerSamples(chosen[i], input.shape, settings);
    const { byteQuant } = input;
    return toSamples(chosen[i], input.shape, byteQuant === undefined ? settings : { ...settings, byteQuant });
  });
  const counts = converted.map((tensor) => tensor.shape[0]);
  if (counts.some((count) => count !== counts[0])) {
    const listed = inputs.map((input, i) => `"${input.name}": ${counts[i]}`).join(", ");
    throw dataError("input.shape", file.fileName, `expected as many samples for each input, got ${listed}`);
  }
  return converted;
}

function chooseTensors(file: DataFile, inputs: readonly ModelInput[]): readonly DataTensor[] {
  const { tensors } = file;
  const named = inputs.flatMap((input) => tensors.find((tensor) => tensor.name === input.name) ?? []);
  if (named.length === inputs.length) return named;
  if (tensors.length === inputs.length) return tensors;
  const first = tensors[0];
  if (
    inputs.length === 1 &&
    tensors.length > 1 &&
    tensors.every((tensor) => sameShape(tensor.shape, first.shape))
  ) {
    return [stack(tensors)];
  }
  const columns = inputs.reduce((sum, input) => sum + elementCount(input.shape), 0);
  if (tensors.length === 1 && first.shape.length === 2 && first.shape[1] === columns)
    return columnsFor(first, inputs);
  const wanted = inputs.map((input) => `"${input.name}" ${formatShape(input.shape)}`).join(", ");
  const got = tensors.map((tensor) => `${tensor.name ?? "unnamed"} ${formatShape(tensor.shape)}`).join(", ");
  throw dataError("input.shape", file.fileName, `expected arrays for the inputs ${wanted}, got ${got}`);
}

/** A table whose columns are the elements of the inputs, one input after the other. */
function columnsFor(
  { shape: [rows, columns], data, integer }: DataTensor,
  inputs: readonly ModelInput[],
): DataTensor[] {
  let first = 0;
  return inputs.map(({ name, shape }) => {
    const size = elementCount(shape);
    const start = first;
    first += size;
    const part = Float64Array.from({ length: rows * size }, (_, at) => {
      return data[Math.floor(at / size) * columns + start + (at % size)];
    });
    return { name, shape: [rows, size], data: part, integer };
  });
}

function stack(tensors: readonly DataTensor[]): DataTensor {
  const [{ shape }] = tensors;
  const size = elementCount(shape);
  const data = new Float64Array(size * tensors.length);
  tensors.forEach((tensor, i) => {
    data.set(tensor.data, i * size);
  });
  return { shape: [tensors.length, ...shape], data, integer: tensors.every((tensor) => tensor.integer) };
}

function countSamples(shape: Shape, inputShape: Shape): number | undefined {
  const size = elementCount(inputShape);
  const wanted = inputShape.filter((length) => length !== 1);
  const given = shape.filter((length) => length !== 1);
  if (given.length <= 1) {
    const count = elementCount(given) / size;
    return Number.isInteger(count) && count > 0 ? count : undefined;
  }
  // The same number of elements in another arrangement (channels last, say) would be read in the wrong order.
  const fits = (sample: Shape): boolean =>
    sameShape(sample, wanted) ||
    (elementCount(sample) === size && Math.min(sample.length, wanted.length) <= 1);
  if (fits(given)) return 1;
  return fits(given.slice(1)) && given[0] > 0 ? given[0] : undefined;
}

function misfit(tensor: DataTensor, inputShape: Shape, fileName: string): Error {
  const place = tensor.name === undefined ? "" : `array "${tensor.name}": `;
  const batch = `[N, ${inputShape.join(", ")}]`;
  return dataError(
    "input.shape",
    fileName,
    `${place}expected samples of shape ${formatShape(inputShape)}, one or as ${batch}, got ${formatShape(tensor.shape)}`,
  );
}
