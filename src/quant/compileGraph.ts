import type { Graph } from "../graph/graph.ts";
import { uniformInterval } from "../program/interval.ts";
import type { Program } from "../program/program.ts";
import { runArgMax } from "../program/run/argMax.ts";
import { validateProgram } from "../program/validate.ts";
import { elementCount } from "../tensor/shape.ts";
import { type Calibration, calibrate } from "./calibration.ts";
import { type CompileOptions, type ResolvedOptions, resolveOptions } from "./compileOptions.ts";
import type { CompileReport } from "./compileReport.ts";
import type { Emission, EmittedTensor } from "./emission.ts";
import { emitActivation } from "./emitActivation.ts";
import { emitDense } from "./emitDense.ts";
import { lowerGraph } from "./lower/lowerGraph.ts";
import { ProgramBuilder } from "./programBuilder.ts";
import type { RealId, RealInput, RealProgram, RealStep } from "./realProgram.ts";
import { integerForm } from "./realRange.ts";
import { quantiseInput } from "./realValues.ts";
import { namedBefore } from "./tensorNames.ts";

function emitInput(emission: Emission, input: RealInput, index: number): EmittedTensor {
  const { builder, calibration, options } = emission;
  const real = calibration.inputRanges[index];
  const form = integerForm(real, real.lo < 0, options.activationBits);
  const id = builder.addInput({ name: input.name, shape: input.shape, ...form });
  return {
    id,
    q: quantiseInput({ tensors: [builder.tensor(id)], inputs: [0] }, 0, calibration.samples[index].data),
    interval: uniformInterval(form.range, elementCount(input.shape)),
  };
}

function emitStep(
  emission: Emission,
  step: RealStep,
  input: EmittedTensor,
  resultName: string,
): EmittedTensor {
  const { builder } = emission;
  switch (step.kind) {
    case "dense":
      return emitDense(emission, step, input, resultName);
    case "activation":
      return emitActivation(emission, step, input, resultName);
    case "reshape": {
      const result = { ...builder.tensor(input.id), name: resultName, shape: step.shape };
      const id = builder.addOperator({ kind: "reshape", name: step.name, input: input.id }, result);
      return { ...input, id };
    }
    case "argmax": {
      const length = builder.tensor(input.id).shape.at(-1) ?? 1;
      const range = { lo: 0, hi: length - 1 };
      const result = { name: resultName, shape: step.shape, range, quant: { scale: 1, zeroPoint: 0 } };
      const id = builder.addOperator({ kind: "argmax", name: step.name, input: input.id }, result);
      return {
        id,
        q: runArgMax(input.q, length),
        interval: uniformInterval(range, elementCount(step.shape)),
      };
    }
  }
}

function emitProgram(
  name: string,
  real: RealProgram,
  calibration: Calibration,
  options: ResolvedOptions,
): {
  program: Program;
  layers: CompileReport["layers"];
} {
  const emission: Emission = { builder: new ProgramBuilder(), calibration, options, layers: [] };
  const emitted = new Map<RealId, EmittedTensor>();
  const get = (id: RealId): EmittedTensor => {
    const tensor = emitted.get(id);
    if (tensor === undefined) throw new RangeError(`step ${id} is read before it is emitted`);
    return tensor;
  };
  real.inputs.forEach((input, index) => {
    emitted.set(index, emitInput(emission, input, index));
  });
  const strippedAfter = new Map(real.outputs.map(({ id, stripped }) => [id, stripped]));
  real.steps.forEach((step, index) => {
    const id = real.inputs.length + index;
    const resultName = namedBefore(step.graphValue, strippedAfter.get(id) ?? []);
    emitted.set(id, emitStep(emission, step, get(step.input), resultName));
  });
  const outputs = real.outputs.map(({ id }) => get(id).id);
  return { program: emission.builder.finish(name, real.inputs.length, outputs), layers: emission.layers };
}

/**
 * Turns a real-valued graph into an integer program whose every rescaling is an exact power of two. The same graph and
 * options give the same program, byte for byte.
 *
 * @throws TensorproofError `model.unsupportedOperator` listing every node without an integer form, what `checkGraph`
 * throws, `options.invalid`, or `program.rangeTooLarge` naming the node whose sums are too large
 */
export function compileGraph(
  graph: Graph,
  options: CompileOptions = {},
): { program: Program; report: CompileReport } {
  const resolved = resolveOptions(graph, options);
  const real = lowerGraph(graph, resolved.head);
  const calibration = calibrate(graph, resolved);
  const { program, layers } = emitProgram(graph.name, real, calibration, resolved);
  validateProgram(program);
  const report: CompileReport = {
    inputRangeSource: resolved.inputRangeSource,
    inputRanges: calibration.inputRanges,
    calibration: { source: calibration.isReal ? "samples" : "seeded", count: calibration.count },
    layers,
    stripped: real.outputs.map(({ stripped }) => stripped),
  };
  return { program, report };
}
