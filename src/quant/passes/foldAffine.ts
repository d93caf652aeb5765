/**
 * Constants that multiply or are added channel by channel become part of the linear layer before them, where nothing
 * else reads it. The others become a layer of their own: a convolution of one weight per channel.
 */

import { elementCount } from "../../tensor/shape.ts";
import {
  type ChannelAffineStep,
  type LinearPart,
  type RealProgram,
  type RealStep,
  type SumStep,
  stepInputs,
} from "../realProgram.ts";
import { rewriteSteps, withoutDeadSteps } from "./readers.ts";

/** The part whose input was factor[k] · x + offset[k] for its channel k, as one of x. */
function reading(part: LinearPart, step: ChannelAffineStep): LinearPart {
  const { factor, offset, input } = step;
  const channels = factor.length;
  const weight = part.weight.map((entry, index) => entry * factor[index % channels]);
  const added = (m: number): number => {
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += part.weight[m * channels + k] * offset[k];
    return sum;
  };
  return withOffset({ ...part, weight, input }, added, `${part.name} (offset)`);
}

/** What is weighed and shifted for matrix products alone becomes part of their weights. */
function foldedForward(program: RealProgram): RealProgram {
  const readers = new Map<number, number>();
  const products = new Map<number, number>();
  const count = (counts: Map<number, number>, id: number): void => {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  for (const step of program.steps) {
    for (const id of stepInputs(step)) count(readers, id);
    if (step.kind !== "sum" || step.exact === true) continue;
    for (const { geometry, input } of step.parts) if (geometry === null) count(products, input);
  }
  for (const { id } of program.outputs) count(readers, id);
  const folding = new Map(
    program.steps.flatMap((step) =>
      step.kind === "channelAffine" && readers.get(step.id) === products.get(step.id)
        ? [[step.id, step] as const]
        : [],
    ),
  );
  if (folding.size === 0) return program;
  const through = (part: LinearPart): LinearPart => {
    const step = folding.get(part.input);
    return step === undefined ? part : through(reading(part, step));
  };
  const steps = program.steps.map((step) =>
    step.kind === "sum" && step.parts.some(({ input }) => folding.has(input))
      ? { ...step, parts: step.parts.map(through) }
      : step,
  );
  return withoutDeadSteps({ ...program, steps });
}

/** One after the other they are one. */
function joinedAffine(step: ChannelAffineStep, before: ChannelAffineStep): ChannelAffineStep {
  const { factor, offset, constantNames } = before;
  const names = {
    factor: constantNames.factor || step.constantNames.factor,
    offset: step.constantNames.offset || constantNames.offset || `${step.name} (offset)`,
  };
  return {
    ...step,
    input: before.input,
    factor: step.factor.map((entry, c) => entry * factor[c]),
    offset: step.offset.map((entry, c) => entry + step.factor[c] * offset[c]),
    constantNames: names,
  };
}

/** The part with its outputs multiplied by factor[m]. */
export function scaledPart(part: LinearPart, factor: (m: number) => number): LinearPart {
  const numOutputs = part.weightShape[0];
  // Large weights are not copied for nothing.
  if (Array.from({ length: numOutputs }, (_, m) => factor(m)).every((entry) => entry === 1)) return part;
  const perOutput = part.weight.length / numOutputs;
  return {
    ...part,
    weight: part.weight.map((entry, index) => factor(Math.floor(index / perOutput)) * entry),
    bias: part.bias?.map((entry, m) => factor(m) * entry) ?? null,
  };
}

function withOffset(part: LinearPart, offset: (m: number) => number, name: string): LinearPart {
  const numOutputs = part.weightShape[0];
  const bias = Float64Array.from({ length: numOutputs }, (_, m) => (part.bias?.[m] ?? 0) + offset(m));
  if (part.bias === null && bias.every((entry) => entry === 0)) return part;
  return { ...part, bias, biasName: part.biasName === "" ? name : part.biasName };
}

/** factor[m] · sums + offset[m], or null where the sums are no linear layer's alone. */
export function affineSum(
  sum: SumStep,
  factor: (m: number) => number,
  offset: (m: number) => number,
  offsetName: string,
): SumStep | null {
  if (sum.activation !== null || sum.parts.length !== 1 || sum.terms.length !== 0) return null;
  return { ...sum, parts: [withOffset(scaledPart(sum.parts[0], factor), offset, offsetName)] };
}

function asConvolution(step: ChannelAffineStep, input: number, rank: number): LinearPart {
  const { factor, offset, constantNames, name } = step;
  const spatial = new Array<number>(rank - 1).fill(1);
  const zeros = spatial.map(() => 0);
  const hasOffset = offset.some((entry) => entry !== 0);
  return {
    name,
    input,
    weightName: constantNames.factor === "" ? `${name} (factors)` : constantNames.factor,
    biasName: hasOffset ? constantNames.offset : "",
    weightShape: [factor.length, ...spatial, 1],
    weight: factor,
    bias: hasOffset ? offset : null,
    geometry: {
      strides: spatial,
      dilations: spatial,
      padBegin: zeros,
      padEnd: zeros,
      groups: factor.length,
    },
  };
}

/** Convolutions have one to three spatial axes; others are counted as one. */
function asSteps(step: ChannelAffineStep, newId: () => number): RealStep[] {
  const { id, name, result, shape, input } = step;
  const shared = { kind: "sum", name, terms: [], activation: null } as const;
  if (shape.length >= 2 && shape.length <= 4)
    return [
      { ...shared, id, result, shape, sums: result, parts: [asConvolution(step, input, shape.length)] },
    ];
  const channels = step.factor.length;
  const flat = [elementCount(shape) / channels, channels];
  const named = (what: string): { name: string; result: string } => ({
    name: `${name} (${what})`,
    result: `${result} (${what})`,
  });
  const [before, sums] = [newId(), newId()];
  return [
    { kind: "reshape", id: before, ...named("one axis"), shape: flat, input },
    {
      ...shared,
      id: sums,
      result: `${result} (in one axis)`,
      sums: `${result} (in one axis)`,
      shape: flat,
      parts: [asConvolution(step, before, 2)],
    },
    { kind: "reshape", id, name: `${name} (all axes)`, result, shape, input: sums },
  ];
}

function folded(step: RealStep, producer: (id: number) => RealStep | undefined): RealStep {
  const before = step.kind === "channelAffine" || step.kind === "function" ? producer(step.input) : undefined;
  if (step.kind === "channelAffine" && before?.kind === "channelAffine" && step.exact === before.exact)
    return joinedAffine(step, before);
  if (before?.kind !== "sum" || before.exact === true || step.exact === true) return step;
  const { id, result } = step;
  if (step.kind === "channelAffine") {
    const { factor, offset, constantNames } = step;
    const sum = affineSum(
      before,
      (m) => factor[m],
      (m) => offset[m],
      constantNames.offset,
    );
    return sum === null ? step : { ...sum, id, result, sums: result };
  }
  if (step.kind !== "function" || step.function.kind !== "affine") return step;
  const { factor, offset } = step.function;
  const sum = affineSum(
    before,
    () => factor,
    () => offset,
    `${step.name} (offset)`,
  );
  return sum === null ? step : { ...sum, id, result, sums: result };
}

export function foldAffine(program: RealProgram): RealProgram {
  const foldedProgram = foldedForward(rewriteSteps(program, folded));
  let numIds =
    1 + Math.max(...foldedProgram.inputs.map(({ id }) => id), ...program.steps.map(({ id }) => id));
  const steps = foldedProgram.steps.flatMap((step) =>
    step.kind === "channelAffine" ? asSteps(step, () => numIds++) : [step],
  );
  return withoutDeadSteps({ ...foldedProgram, steps });
}
