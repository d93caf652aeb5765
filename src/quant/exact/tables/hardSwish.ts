/**
 * HARD_SWISH of TensorFlow Lite (`HardSwishPrepare` of kernels/activations.cc, reference/hard_swish.h) in its 16-bit
 * fixed-point arithmetic, saturations included.
 */

import { type ByteQuant, byteRange, clampTo, tableOf } from "../byteQuant.ts";
import { quantiseMultiplier } from "../quantiseMultiplier.ts";

const INT16 = { lo: -(2 ** 15), hi: 2 ** 15 - 1 } as const;
const HIRES = 2 ** 7;
const { fround } = Math;

interface ShortMultiplier {
  readonly multiplier: number;
  readonly exponent: number;
}

/** A multiplier of 16 bits: the upper half of the one of 32, rounded. */
function shortMultiplier(real: number): ShortMultiplier {
  const { multiplier, shift } = quantiseMultiplier(real);
  const rounded = Math.floor((multiplier + 2 ** 15) / 2 ** 16);
  return { multiplier: Math.min(rounded, INT16.hi), exponent: shift };
}

/** gemmlowp's SaturatingRoundingDoublingHighMul on 16 bits: half up. */
function doublingHighMultiply(a: number, b: number): number {
  return clampTo(INT16, Math.floor((a * b + 2 ** 14) / 2 ** 15));
}

/** The same rounded towards zero. */
function doublingHighMultiplyTruncated(a: number, b: number): number {
  return clampTo(INT16, Math.trunc((a * b) / 2 ** 15));
}

/** gemmlowp's RoundingDivideByPOT: half away from zero. */
function divideByPower(x: number, exponent: number): number {
  const power = 2 ** exponent;
  return x < 0 ? 0 - Math.floor((power / 2 - x) / power) : Math.floor((x + Math.floor(power / 2)) / power);
}

/** The factor max(0, min(x + 3, 6)) / 6 in units of 2^−15. */
function reluish(hires: number, { multiplier, exponent }: ShortMultiplier): number {
  let value = hires;
  if (exponent > 0) value = clampTo(INT16, value * 2 ** (exponent - 1));
  value = doublingHighMultiply(value, multiplier);
  if (exponent > 0) value = clampTo(INT16, value * 2);
  if (exponent < 0) value = divideByPower(value, -exponent);
  return Math.floor((value + 2 ** 15) / 2);
}

/** `undefined` where the output's scale is too fine for the kernel, which then refuses the model. */
export function hardSwishTable(input: ByteQuant, output: ByteQuant): Int32Array | undefined {
  const hiresScale = fround(input.scale / HIRES);
  const toOutput = shortMultiplier(fround(hiresScale / output.scale));
  const toReluish = shortMultiplier(fround(hiresScale / fround(3 / 2 ** 15)));
  if (toOutput.exponent > 0) return undefined;
  return tableOf(input.type, (q) => {
    const hires = (q - input.zeroPoint) * HIRES;
    const beforeShift = doublingHighMultiply(hires, toOutput.multiplier);
    const product = doublingHighMultiplyTruncated(reluish(hires, toReluish), beforeShift);
    const value = divideByPower(product, -toOutput.exponent) + output.zeroPoint;
    return clampTo(byteRange(output.type), value);
  });
}
