/** Functions of one stored integer, each as the reference kernel of TensorFlow Lite 2.21 computes it. */

import type { Multiplier, Rounding } from "../../../program/program.ts";
import { rescaleValue } from "../../../program/rescaleValue.ts";
import { activationRange, type ClampBounds, roundHalfAway } from "../activationRange.ts";
import { type ByteQuant, byteRange, clampTo, tableOf } from "../byteQuant.ts";
import { leakMultiplier, reluMultiplier, requantiseMultiplier } from "../kernelMultipliers.ts";
import { quantiseMultiplier } from "../quantiseMultiplier.ts";

const { fround } = Math;

function rescaled(rounding: Rounding, multiplier: Multiplier, input: ByteQuant, output: ByteQuant) {
  return (q: number): number => output.zeroPoint + rescaleValue(rounding, multiplier, q - input.zeroPoint);
}

/** QUANTIZE from one 8-bit form to another (reference/requantize.h). */
export function requantiseTable(input: ByteQuant, output: ByteQuant, rounding: Rounding): Int32Array {
  const multiplier = quantiseMultiplier(requantiseMultiplier(input, output));
  const value = rescaled(rounding, multiplier, input, output);
  return tableOf(input.type, (q) => clampTo(byteRange(output.type), value(q)));
}

/** RELU, RELU6 and their kin as operators of their own (`QuantizedReluX` of kernels/activations.cc). */
export function clampTable(
  input: ByteQuant,
  output: ByteQuant,
  bounds: ClampBounds,
  rounding: Rounding,
): Int32Array {
  const range = activationRange(output, bounds);
  const value = rescaled(rounding, quantiseMultiplier(reluMultiplier(input, output)), input, output);
  return tableOf(input.type, (q) => clampTo(range, value(q)));
}

/** LEAKY_RELU (reference/leaky_relu.h), for a slope of at least 0. */
export function leakyReluTable(
  input: ByteQuant,
  output: ByteQuant,
  alpha: number,
  rounding: Rounding,
): Int32Array {
  const upper = rescaled(rounding, quantiseMultiplier(reluMultiplier(input, output)), input, output);
  const lower = rescaled(rounding, quantiseMultiplier(leakMultiplier(input, alpha, output)), input, output);
  return tableOf(input.type, (q) =>
    clampTo(byteRange(output.type), q >= input.zeroPoint ? upper(q) : lower(q)),
  );
}

/** LOGISTIC and TANH (`LUTPopulate` of kernels/internal/common.h): the function in float32, once per integer. */
export function floatTable(input: ByteQuant, output: ByteQuant, apply: (x: number) => number): Int32Array {
  const inverse = fround(1 / output.scale);
  return tableOf(input.type, (q) => {
    const real = fround(input.scale * (q - input.zeroPoint));
    const steps = roundHalfAway(fround(fround(apply(real)) * inverse));
    return clampTo(byteRange(output.type), steps + output.zeroPoint);
  });
}

export function logistic(x: number): number {
  return fround(1 / fround(1 + fround(Math.exp(-x))));
}

/** CONCATENATION of uint8 inputs whose scales differ (`ConcatenationWithScaling`). */
export function concatenationTable(input: ByteQuant, output: ByteQuant): Int32Array {
  const scale = fround(input.scale * fround(1 / output.scale));
  const bias = fround(-input.zeroPoint * scale);
  return tableOf(input.type, (q) => {
    const steps = roundHalfAway(fround(fround(q * scale) + bias));
    return clampTo(byteRange(output.type), steps + output.zeroPoint);
  });
}
