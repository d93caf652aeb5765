import type { IntRange, ProgramConstant } from "../program/program.ts";
import type { DenseLayer } from "./denseLayer.ts";
import { rangeOfValues } from "./realRange.ts";

/** Biases stay below this many steps, far inside the field: layers of tiny weights get a coarser scale instead. */
const MAX_BIAS_STEPS = 2 ** 26;

/** The weights and biases of a dense layer as integers. */
export interface IntegerDense {
  readonly weight: ProgramConstant;
  readonly bias: ProgramConstant | null;
}

/** [−(2^(bits−1) − 1), 2^(bits−1) − 1]. */
export function weightRange(bits: number): IntRange {
  const hi = 2 ** (bits - 1) - 1;
  return { lo: -hi, hi };
}

function farthest(values: Float64Array): number {
  const { lo, hi } = rangeOfValues(values);
  return Math.max(-lo, hi);
}

/** The finest scale at which all weights fit the number of bits and biases stay small. 1 for a layer of zeros. */
export function finestWeightScale({ step, input, bits }: DenseLayer): number {
  const forWeights = farthest(step.weight) / weightRange(bits).hi;
  const forBias = step.bias === null ? 0 : farthest(step.bias) / (input.scale * MAX_BIAS_STEPS);
  const scale = Math.max(forWeights, forBias);
  return scale >= 2 ** -500 ? scale : 1;
}

/** The smallest [−2^b, 2^b − 1] that holds all integers: the exact bounds of a secret bias stay secret. */
function biasRange(data: Float64Array): IntRange {
  const { lo, hi } = rangeOfValues(data);
  let bound = 1;
  while (bound < -lo || bound - 1 < hi) bound *= 2;
  return { lo: -bound, hi: bound - 1 };
}

/**
 * Rounding shifts each sum by a little that is the same for all samples on average. The bias takes it back: it is
 * chosen so that on the calibration samples the mean of each sum is that of the float reference.
 */
function correctedBias(
  layer: DenseLayer,
  bias: Float64Array,
  weights: Int32Array,
  scale: number,
): Float64Array {
  const { step, means } = layer;
  if (means === null) return bias;
  return bias.map((_, m) => {
    let mean = 0;
    for (let k = 0; k < step.length; k++) mean += weights[m * step.length + k] * means.input[k];
    return means.sums[m] - scale * mean;
  });
}

function integerBias(layer: DenseLayer, real: Float64Array, scale: number): ProgramConstant {
  const rounded = real.map((value) => Math.round(value / scale));
  const { biasName: name, numOutputs } = layer.step;
  const quant = { scale, zeroPoint: 0 };
  return { name, shape: [numOutputs], range: biasRange(rounded), quant, data: Int32Array.from(rounded) };
}

/**
 * Rounds weights to multiples of `weightScale`, at least `finestWeightScale`, and biases to multiples of
 * inputScale · weightScale.
 */
export function quantiseDense(layer: DenseLayer, weightScale: number): IntegerDense {
  const { step, input, bits } = layer;
  const range = weightRange(bits);
  const data = Int32Array.from(step.weight, (w) =>
    Math.min(Math.max(Math.round(w / weightScale), range.lo), range.hi),
  );
  const quant = { scale: weightScale, zeroPoint: 0 };
  const weight: ProgramConstant = {
    name: step.weightName,
    shape: [step.numOutputs, step.length],
    range,
    quant,
    data,
  };
  if (step.bias === null) return { weight, bias: null };
  const scale = input.scale * weightScale;
  return { weight, bias: integerBias(layer, correctedBias(layer, step.bias, data, scale), scale) };
}
