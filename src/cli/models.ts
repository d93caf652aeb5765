/** Model arguments: files → graphs and programs. */
import { isProvingKey, type ProvingKey, readProvingKey } from "../engine/provingKey.ts";
import { readBytes } from "../files/readBytes.ts";
import type { Graph } from "../graph/graph.ts";
import type { Program } from "../program/program.ts";
import { isProgramFile, parseProgram } from "../program/programFile.ts";
import type { Samples } from "../quant/compileOptions.ts";
import type { CompileReport } from "../quant/compileReport.ts";
import {
  type IntegerInputs,
  type NamedTensor,
  onlySample,
  programInputs,
  quantiseSamples,
  readIntegerInputs,
  readSamples,
} from "./inputs.ts";
import { compileOptions, type InputOptions, type ModelOptions } from "./options.ts";
import { type Reporter, usageError } from "./reporter.ts";

export interface GraphFile {
  readonly kind: "graph";
  readonly graph: Graph;
  readonly compiler: typeof import("./compiler.ts");
}

export type ModelFile =
  | GraphFile
  | { readonly kind: "program"; readonly program: Program }
  | { readonly kind: "key"; readonly key: ProvingKey };

/** Reads a model, a compiled program or a proving key, whichever the file is. */
export async function readModelFile(
  path: string,
  { dims }: Pick<ModelOptions, "dims"> = {},
): Promise<ModelFile> {
  const bytes = readBytes(path);
  if (isProvingKey(bytes)) return { kind: "key", key: readProvingKey(bytes) };
  if (isProgramFile(bytes)) return { kind: "program", program: parseProgram(bytes) };
  const compiler = await import("./compiler.ts");
  return { kind: "graph", graph: await compiler.loadModel(bytes, path, dims), compiler };
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
  { graph, compiler }: GraphFile,
  options: ModelOptions,
  reporter: Reporter,
  samples?: () => Samples,
): { program: Program; report: CompileReport } {
  const { checkGraph, compileGraph } = compiler;
  checkGraph(graph);
  reporter.progress("compiling");
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
    return compile(file, options, reporter, samples).program;
  }
  const late = (
    [
      ...(["calibrate", "dims", "inputRange", "bits", "activationBits", "maxError", "fractionBits"] as const),
      ...(["head", "mode", "rounding"] as const),
    ] as const
  ).find((name) => options[name] !== undefined);
  if (late !== undefined)
    throw usageError(`${late} is decided by compile; this model is compiled already`, late);
  return file.kind === "program" ? file.program : file.key.program;
}

/** The program of a model argument and the integers that --input gives it. */
export function readProgramAndInputs(
  file: ModelFile,
  options: ModelOptions & InputOptions,
  reporter: Reporter,
): { program: Program; inputs: IntegerInputs } {
  const { input, sample, inputIntegers } = options;
  if (inputIntegers === true) {
    const program = programOf(file, options, reporter);
    return { program, inputs: readIntegerInputs(input, program, sample) };
  }
  const samplesOf = (tensors: readonly NamedTensor[]): Samples =>
    onlySample(readSamples(input, tensors, options), sample);
  const fitted = file.kind === "graph" ? () => samplesOf(file.graph.inputs) : undefined;
  const program = programOf(file, options, reporter, fitted);
  return { program, inputs: quantiseSamples(program, samplesOf(programInputs(program))) };
}
