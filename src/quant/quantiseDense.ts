import { TensorproofError } from "../errors/tensorproofError.ts";
import type { IntRange, ProgramConstant } from "../program/program.ts";
import type { DenseStep } from "./realProgram.ts";
import { rangeOfValues } from "./realRange.ts";

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

/** The finest scale at which all weights fit the number of bits. 1 for weights that are all 0. */
export function finestWeightScale(weight: Float64Array, bits: number): number {
  const { lo, hi } = rangeOfValues(weight);
  const scale = Math.max(-lo, hi) / weightRange(bits).hi;
  return scale >= 2 ** -1000 ? scale : 1;
}

/** The smallest [−2^b, 2^b − 1] that holds all integers: the exact bounds of a secret bias stay secret. */
function biasRange(data: Float64Array): IntRange {
  const { lo, hi } = rangeOfValues(data);
  let bound = 1;
  while (bound < -lo || bound - 1 < hi) bound *= 2;
  return { lo: -bound, hi: bound - 1 };
}

function integerBias(step: DenseStep, bias: Float64Array, scale: number): ProgramConstant {
  const rounded = bias.map((value) => Math.round(value / scale));
  const range = biasRange(rounded);
  if (!(range.hi < 2 ** 30)) {
    throw new TensorproofError(
      "program.rangeTooLarge",
      `node "${step.name}": its bias is more than 2^30 times the product of input and weight steps; use fewer bits or a wider input range`,
      { where: step.name },
    );
  }
  const quant = { scale, zeroPoint: 0 };
  return { name: step.biasName, shape: [step.numOutputs], range, quant, data: Int32Array.from(rounded) };
}

/**
 * Rounds weights to multiples of `weightScale` and biases to multiples of inputScale · weightScale.
 *
 * @throws TensorproofError `program.rangeTooLarge` for a bias that no 31-bit field holds at that scale
 */
export function quantiseDense(
  step: DenseStep,
  inputScale: number,
  weightScale: number,
  bits: number,
): IntegerDense {
  const range = weightRange(bits);
  const data = Int32Array.from(step.weight, (w) =>
    Math.min(Math.max(Math.round(w / weightScale), range.lo), range.hi),
  );
  const quant = { scale: weightScale, zeroPoint: 0 };
  const shape = [step.numOutputs, step.length];
  const weight: ProgramConstant = { name: step.weightName, shape, range, quant, data };
  return { weight, bias: step.bias === null ? null : integerBias(step, step.bias, inputScale * weightScale) };
}
