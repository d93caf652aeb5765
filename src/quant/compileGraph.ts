import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Graph } from "../graph/graph.ts";
import type { Program } from "../program/program.ts";
import { validateProgram } from "../program/validate.ts";
import { type Calibration, calibrate } from "./calibration.ts";
import { type CompileOptions, type ResolvedOptions, resolveOptions } from "./compileOptions.ts";
import type { CompileReport } from "./compileReport.ts";
import { Emission } from "./emit/emission.ts";
import { fixedPointForm, requireFixedPoint } from "./emit/fixedPoint.ts";
import { emitStep } from "./emit/step.ts";
import { compileWithin } from "./errorBound.ts";
import { compileExact } from "./exact/compileExact.ts";
import { lowerGraph } from "./lower/lowerGraph.ts";
import { modeFor } from "./mode.ts";
import { resultBits } from "./passes/resultBits.ts";
import type { RealProgram } from "./realProgram.ts";
import { exactForm, type IntegerForm, integerForm, type RealRange, withExactGrid } from "./realRange.ts";
import { quantiseInput } from "./realValues.ts";
import { unifyScales } from "./scaleGroups.ts";
import { tabularForm } from "./tabularInput.ts";
import { namedBefore } from "./tensorNames.ts";

function inputForm(real: RealRange, samples: Float32Array | null, options: ResolvedOptions): IntegerForm {
  if (options.fractionBits !== null) return fixedPointForm(real, options.fractionBits);
  const form = integerForm(real, real.lo < 0, options.activationBits);
  return samples === null ? form : withExactGrid(form, samples);
}

function emitInput(emission: Emission, program: RealProgram, index: number): void {
  const input = program.inputs[index];
  const { calibration, options } = emission;
  const real = calibration.inputRanges[index];
  const samples = calibration.isReal ? calibration.samples[index].data : null;
  const form =
    input.type === "float32"
      ? (tabularForm(program, input, real, samples) ?? inputForm(real, samples, options))
      : exactForm(input.type, real);
  const tensor = { name: input.name, shape: input.shape, ...form };
  const q = quantiseInput({ tensors: [tensor], inputs: [0] }, 0, calibration.samples[index].data);
  emission.bind(input.id, emission.addInput(tensor, q).id);
}

function emitProgram(
  name: string,
  real: RealProgram,
  calibration: Calibration,
  options: ResolvedOptions,
): { program: Program; layers: CompileReport["layers"] } {
  if (options.fractionBits !== null) requireFixedPoint(real);
  const groups = unifyScales(real, calibration, options.activationBits);
  const emission = new Emission(calibration, options, groups, resultBits(real));
  real.inputs.forEach((_, index) => {
    emitInput(emission, real, index);
  });
  const strippedAfter = new Map(real.outputs.map(({ id, stripped }) => [id, stripped]));
  for (const step of real.steps) {
    const values = calibration.reference.get(step.id);
    if (values === undefined) throw new RangeError(`step "${step.name}" has no reference`);
    if (step.kind === "constant") {
      emission.defer(step, () => emitStep(emission, step, step.result, values));
      continue;
    }
    const resultName = namedBefore(step.result, strippedAfter.get(step.id) ?? []);
    emission.bind(step.id, emitStep(emission, step, resultName, values).id);
  }
  const outputs = distinctOutputs(emission, real);
  return { program: emission.builder.finish(name, outputs), layers: emission.layers };
}

/** A program puts every tensor out once: what is put out again, or was given, gets a tensor of its own. */
function distinctOutputs(emission: Emission, real: RealProgram): number[] {
  const seen = new Set<number>(real.inputs.map(({ id }) => emission.of(id).id));
  return real.outputs.map(({ id }) => {
    const { id: tensor, tensor: declared } = emission.of(id);
    if (!seen.has(tensor)) {
      seen.add(tensor);
      return tensor;
    }
    const name = `${declared.name} (output)`;
    const operator = { kind: "combine", name, inputs: [tensor], factors: [1], offset: 0 } as const;
    return emission.add(operator, { name, scale: null }).id;
  });
}

/** e^−x is nothing beside 16 bits. */
const BELOW_ALL_SCORES = 16;

/**
 * The steps and their values on the samples. Where masks need a number for −∞, it is one that is known to be far below all
 * scores once these have been computed: no farther than need be, since it takes its share of their range.
 */
function lowerCalibrated(
  graph: Graph,
  options: ResolvedOptions,
): { readonly real: RealProgram; readonly calibration: Calibration } {
  const real = lowerGraph(graph, options.head);
  const calibration = calibrate(graph, real, options);
  if (real.standIn === null) return { real, calibration };
  let farthest = 0;
  for (const step of real.steps) {
    if (step.kind !== "softmax") continue;
    for (const value of calibration.reference.get(step.input)?.result ?? [])
      if (Math.abs(value) < real.standIn / 2) farthest = Math.max(farthest, Math.abs(value));
  }
  const again = lowerGraph(graph, options.head, Math.ceil(2 * farthest + BELOW_ALL_SCORES));
  return { real: again, calibration: calibrate(graph, again, options) };
}

/** The error is that of the model's own outputs on samples. */
function boundedOptions(options: CompileOptions): CompileOptions {
  const { maxError = 0, calibration, activationBits, head } = options;
  const refuse = (message: string): TensorproofError =>
    new TensorproofError("options.invalid", `option maxError: ${message}`, { where: "maxError" });
  if (!(maxError > 0 && maxError < 1)) throw refuse(`expected a share between 0 and 1, got ${maxError}`);
  if (calibration === undefined) throw refuse("needs calibration samples to measure the error on");
  if (activationBits !== undefined) throw refuse("chooses the bits of activations; leave activationBits out");
  if (head !== undefined && head !== "outputs")
    throw refuse(`measures the model's outputs: head "outputs", not "${head}"`);
  return { ...options, head: "outputs" };
}

/**
 * Turns a graph into an integer program: in mode "pow2" a real-valued one, every rescaling an exact power of two; in mode
 * "exact-int8" a quantised one, with the integers that its kernels compute (`exact/compileExact.ts`). The same graph and
 * options give the same program, byte for byte.
 *
 * @throws TensorproofError `model.modeNeeded` for a quantised graph without a mode, `model.unsupportedOperator` listing
 * every node without an integer form, what `checkGraph` throws, `options.invalid`, or `program.rangeTooLarge` naming the
 * node whose sums are too large
 */
export function compileGraph(
  graph: Graph,
  options: CompileOptions = {},
): { program: Program; report: CompileReport } {
  if (modeFor(graph, options) === "exact-int8") return compileExact(graph, options);
  if (options.maxError !== undefined) {
    const within = boundedOptions(options);
    return compileWithin(graph, within, (chosen) => compileGraph(graph, chosen));
  }
  const resolved = resolveOptions(graph, options);
  const { real, calibration } = lowerCalibrated(graph, resolved);
  const { program, layers } = emitProgram(graph.name, real, calibration, resolved);
  validateProgram(program);
  const report: CompileReport = {
    inputRangeSource: resolved.inputRangeSource,
    activationBits: resolved.fractionBits === null ? resolved.activationBits : null,
    inputRanges: calibration.inputRanges,
    calibration: { source: calibration.isReal ? "samples" : "seeded", count: calibration.count },
    layers,
    stripped: real.outputs.map(({ stripped }) => stripped),
  };
  return { program, report };
}
