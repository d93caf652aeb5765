/** Data arguments: files → samples and integers for the inputs of a model. */
import type { DataFile } from "../data/dataFile.ts";
import { isImage, readImage } from "../data/images/image.ts";
import { imageTensor } from "../data/images/imageTensor.ts";
import { readDataFile } from "../data/readDataFile.ts";
import { type ByteQuant, toModelInputs } from "../data/samples.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { readBytes } from "../files/readBytes.ts";
import type { IntRange, Program, TensorId } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import type { Samples } from "../quant/compileOptions.ts";
import { quantiseInput } from "../quant/realValues.ts";
import { elementCount } from "../tensor/shape.ts";
import type { FloatTensor, Tensor } from "../tensor/tensor.ts";
import type { PixelOptions } from "./options.ts";
import { usageError } from "./reporter.ts";

/** An input or output of a graph or a program, as data is matched with it. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly byteQuant?: ByteQuant;
}

/** A data file, or an image as one sample for the model's only input. */
export function readData(
  path: string,
  inputs: readonly NamedTensor[] = [],
  options: PixelOptions = {},
): DataFile {
  const bytes = readBytes(path);
  if (!isImage(bytes)) return readDataFile(bytes, path);
  if (inputs.length !== 1)
    throw usageError(`"${path}" is an image; they are read for models of one input`, path);
  const { imageMean, imageScale } = options;
  const isGiven = imageMean !== undefined || imageScale !== undefined;
  const normalisation = isGiven ? { mean: imageMean ?? [0], scale: imageScale ?? [1] } : undefined;
  const tensor = imageTensor(readImage(bytes, path), inputs[0], path, normalisation);
  return { fileName: path, tensors: [tensor] };
}

/** Real samples for a graph's or a program's inputs. */
export function readSamples(path: string, inputs: readonly NamedTensor[], options: PixelOptions): Samples {
  const isRaw = options.rawBytes === true;
  const typed = inputs.map(({ name, shape, byteQuant }) => {
    const input = { name, shape, type: "float32" as const };
    return byteQuant === undefined || isRaw ? input : { ...input, byteQuant };
  });
  return toModelInputs(readData(path, inputs, options), typed, { scaleBytes: !isRaw }) as FloatTensor[];
}

/** The inputs of a program; in mode exact-int8 bytes of data files are its own integers. */
export function programInputs(program: ProgramStructure): NamedTensor[] {
  return namedTensors(program, program.inputs);
}

export function programOutputs(program: ProgramStructure): NamedTensor[] {
  return namedTensors(program, program.outputs);
}

function namedTensors({ tensors, mode }: ProgramStructure, ids: readonly TensorId[]): NamedTensor[] {
  return ids.map((id) => {
    const { name, shape, range, quant } = tensors[id];
    return mode === "exact-int8"
      ? { name, shape, byteQuant: { lo: range.lo, scale: quant.scale, zeroPoint: quant.zeroPoint } }
      : { name, shape };
  });
}

/** The sample with this number alone, where there is one. @throws TensorproofError `usage` */
export function onlySample<T extends Tensor>(
  tensors: readonly T[],
  sample: number | undefined,
): readonly T[] {
  if (sample === undefined) return tensors;
  return tensors.map((tensor) => {
    const [count, ...shape] = tensor.shape;
    if (sample >= count)
      throw usageError(`there is no sample ${sample}: the data holds ${count}, counted from 0`, "--sample");
    const size = elementCount(shape);
    return { ...tensor, shape: [1, ...shape], data: tensor.data.slice(sample * size, (sample + 1) * size) };
  });
}

/** Integers for every input of a program, and the number of samples. */
export interface IntegerInputs {
  readonly inputs: readonly Int32Array[];
  readonly batch: number;
}

export function quantiseSamples(program: Program, samples: Samples): IntegerInputs {
  return {
    inputs: samples.map(({ data }, i) => quantiseInput(program, i, data)),
    batch: samples[0].shape[0],
  };
}

/** Data that holds the model's own integers. @throws TensorproofError `input.range` */
export function readIntegerInputs(path: string, program: Program, sample: number | undefined): IntegerInputs {
  const typed = programInputs(program).map(({ name, shape }) => ({ name, shape, type: "int64" as const }));
  const tensors = onlySample(toModelInputs(readData(path, typed), typed), sample);
  return {
    inputs: tensors.map(({ data }, i) => {
      const { name, range } = program.tensors[program.inputs[i]];
      requireInRange(name, data, range);
      return Int32Array.from(data);
    }),
    batch: tensors[0].shape[0],
  };
}

function requireInRange(name: string, data: ArrayLike<number>, { lo, hi }: IntRange): void {
  for (let i = 0; i < data.length; i++) {
    if (data[i] >= lo && data[i] <= hi) continue;
    const where = `input "${name}"`;
    const message = `${where}: ${data[i]} at index ${i} lies outside the declared range [${lo}, ${hi}]`;
    throw new TensorproofError("input.range", message, { where });
  }
}
