/** Model and data arguments: files → graphs, programs and integers. */
import type { DataFile } from "../data/dataFile.ts";
import { isImage, readImage } from "../data/images/image.ts";
import { imageTensor } from "../data/images/imageTensor.ts";
import { readDataFile } from "../data/readDataFile.ts";
import { type ByteQuant, toModelInputs } from "../data/samples.ts";
import { isProvingKey, type ProvingKey, readProvingKey } from "../engine/provingKey.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { readBytes } from "../files/readBytes.ts";
import { loadModel } from "../formats/load.ts";
import { checkGraph } from "../graph/check.ts";
import type { Graph } from "../graph/graph.ts";
import type { IntRange, Program, TensorId } from "../program/program.ts";
import { isProgramFile, parseProgram } from "../program/programFile.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { compileGraph } from "../quant/compileGraph.ts";
import type { Samples } from "../quant/compileOptions.ts";
import type { CompileReport } from "../quant/compileReport.ts";
import { quantiseInput } from "../quant/realValues.ts";
import type { FloatTensor } from "../tensor/tensor.ts";
import { compileOptions, type ModelOptions, type PixelOptions } from "./options.ts";
import { type Reporter, usageError } from "./reporter.ts";

export type ModelFile =
  | { readonly kind: "graph"; readonly graph: Graph }
  | { readonly kind: "program"; readonly program: Program }
  | { readonly kind: "key"; readonly key: ProvingKey };

/** Reads a model, a compiled program or a proving key, whichever the file is. */
export async function readModelFile(path: string): Promise<ModelFile> {
  const bytes = readBytes(path);
  if (isProvingKey(bytes)) return { kind: "key", key: readProvingKey(bytes) };
  if (isProgramFile(bytes)) return { kind: "program", program: parseProgram(bytes) };
  return { kind: "graph", graph: await loadModel(bytes, path) };
}

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

/** A range that all values lie in, as coarse as can be, since it becomes public. */
export function coarseRange(samples: Samples): readonly [number, number] {
  let lo = 0;
  let hi = 0;
  for (const { data } of samples) {
    for (const value of data) {
      if (value < lo) lo = value;
      if (value > hi) hi = value;
    }
  }
  const largest = Math.max(-lo, hi, 1);
  let bound = 1;
  while (bound < largest) bound *= 2;
  return [lo < 0 ? -bound : 0, bound];
}

/**
 * Compiles a graph as the options say; without a range among them, the declared range is chosen to fit `samples`, unless
 * the model states it itself.
 */
export function compile(
  graph: Graph,
  options: ModelOptions,
  reporter: Reporter,
  samples?: () => Samples,
): { program: Program; report: CompileReport } {
  checkGraph(graph);
  const given = compileOptions(options);
  if (options.calibrate !== undefined) {
    const calibration = readSamples(options.calibrate, graph.inputs, options);
    return compileGraph(graph, { ...given, calibration });
  }
  const isDecided = options.inputRange !== undefined || options.mode === "exact-int8";
  if (isDecided || samples === undefined) return compileGraph(graph, given);
  const inputRange = coarseRange(samples());
  reporter.progress(
    `declared input range: [${inputRange.join(", ")}], chosen to hold the given data; it becomes public ` +
      "(--input-range or --calibrate decide otherwise)",
  );
  return compileGraph(graph, { ...given, inputRange });
}

/** The program of a model argument. Options about compiling are refused where it is compiled already. */
export function programOf(
  file: ModelFile,
  options: ModelOptions,
  reporter: Reporter,
  samples?: () => Samples,
): Program {
  if (file.kind === "graph") {
    return compile(file.graph, options, reporter, samples).program;
  }
  const late = (
    ["calibrate", "inputRange", "bits", "activationBits", "head", "mode", "rounding"] as const
  ).find((name) => options[name] !== undefined);
  if (late !== undefined)
    throw usageError(`${late} is decided by compile; this model is compiled already`, late);
  return file.kind === "program" ? file.program : file.key.program;
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
export function readIntegerInputs(path: string, program: Program): IntegerInputs {
  const typed = programInputs(program).map(({ name, shape }) => ({ name, shape, type: "int64" as const }));
  const tensors = toModelInputs(readData(path, typed), typed);
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
