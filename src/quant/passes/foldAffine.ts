/**
 * Constants that multiply or are added channel by channel become part of the linear layer before them, where nothing
 * else reads it. The others become a layer of their own: a convolution of one weight per channel.
 */

import { elementCount } from "../../tensor/shape.ts";
import type { ChannelAffineStep, LinearPart, RealProgram, RealStep, SumStep } from "../realProgram.ts";
import { rewriteSteps, withoutDeadSteps } from "./readers.ts";

/** The part with its outputs multiplied by factor[m]. */
export function scaledPart(part: LinearPart, factor: (m: number) => number): LinearPart {
  const perOutput = part.weight.length / part.weightShape[0];
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
  const foldedProgram = rewriteSteps(program, folded);
  let numIds =
    1 + Math.max(...foldedProgram.inputs.map(({ id }) => id), ...program.steps.map(({ id }) => id));
  const steps = foldedProgram.steps.flatMap((step) =>
    step.kind === "channelAffine" ? asSteps(step, () => numIds++) : [step],
  );
  return withoutDeadSteps({ ...foldedProgram, steps });
}
