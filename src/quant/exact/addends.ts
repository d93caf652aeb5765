/**
 * ADD and SUB of TensorFlow Lite (kernels/add.cc, reference/add.h): both inputs are shifted left by 20 and brought to
 * twice the larger of their scales, each rounded; the sum is brought to the output's scale.
 */

import type { Multiplier, Rounding } from "../../program/program.ts";
import { rescaleValue } from "../../program/rescaleValue.ts";
import { type ByteQuant, byteRange, tableOf } from "./byteQuant.ts";
import { quantiseMultiplier } from "./quantiseMultiplier.ts";

const LEFT_SHIFT = 20;

/** How an input enters the sum: slope · (q − zeroPoint) where that is exact, else one value for each integer. */
export type Addend =
  | { readonly kind: "linear"; readonly slope: number }
  | { readonly kind: "table"; readonly values: Int32Array };

export interface Addition {
  readonly left: Addend;
  readonly right: Addend;
  /** From the sum to the output. */
  readonly output: Multiplier;
}

/** The input of the larger scale is multiplied by exactly 1/2, so it needs no table; often both do. */
function addendOf(input: ByteQuant, commonScale: number, rounding: Rounding): Addend {
  const multiplier = quantiseMultiplier(input.scale / commonScale);
  const scaled = (q: number): number =>
    rescaleValue(rounding, multiplier, (q - input.zeroPoint) * 2 ** LEFT_SHIFT);
  const values = tableOf(input.type, scaled);
  const slope = scaled(input.zeroPoint + 1);
  const { lo } = byteRange(input.type);
  const isLinear = values.every((value, index) => value === slope * (lo + index - input.zeroPoint));
  return isLinear && slope !== 0 ? { kind: "linear", slope } : { kind: "table", values };
}

/** The constants of an addition or subtraction. */
export function additionOf(
  left: ByteQuant,
  right: ByteQuant,
  output: ByteQuant,
  rounding: Rounding,
): Addition {
  const commonScale = 2 * Math.max(left.scale, right.scale);
  const real = commonScale / (2 ** LEFT_SHIFT * output.scale);
  return {
    left: addendOf(left, commonScale, rounding),
    right: addendOf(right, commonScale, rounding),
    output: quantiseMultiplier(real),
  };
}
