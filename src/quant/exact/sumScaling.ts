/** From sums of products to steps of the output, as each kernel does it. */

import type { IntRange, Multiplier, Rounding } from "../../program/program.ts";
import { rescaleValue } from "../../program/rescaleValue.ts";
import { roundHalfAway } from "./activationRange.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { ByteQuant } from "./byteQuant.ts";
import { convMultiplier, denseScale, onnxMultiplier } from "./kernelMultipliers.ts";
import { quantiseMultiplier } from "./quantiseMultiplier.ts";
import { sameThresholds } from "./sameThresholds.ts";

/** A program's way to rescale; one multiplier, or one per channel. */
export interface Rescaling {
  readonly rounding: Rounding;
  readonly multipliers: readonly Multiplier[];
}

export interface SumScaling {
  readonly rounding: Rounding;
  readonly numChannels: number;
  /** The rounded result for a sum of a channel, before zero point and clamp. */
  readonly round: (channel: number, sum: number) => number;
  /** A multiplier that gives the same for all sums in `sums`, as far as results in `steps` can tell. */
  readonly multiplier: (channel: number, sums: IntRange, steps: IntRange) => Multiplier;
}

function fixedPoint(rounding: Rounding, multipliers: readonly Multiplier[]): SumScaling {
  return {
    rounding,
    numChannels: multipliers.length,
    round: (channel, sum) => rescaleValue(rounding, multipliers[channel], sum),
    multiplier: (channel) => multipliers[channel],
  };
}

/** Sums times a double, rounded half away from zero: no rounding of programs, but one that agrees is looked for. */
function inDoubles(scales: readonly number[]): SumScaling {
  const rounding = "tflite-single";
  const round = (channel: number, sum: number): number => roundHalfAway(sum * scales[channel]);
  return {
    rounding,
    numChannels: scales.length,
    round,
    multiplier: (channel, sums, steps) =>
      sameThresholds(
        rounding,
        quantiseMultiplier(scales[channel]),
        (sum) => round(channel, sum),
        sums,
        steps,
      ),
  };
}

/** For weights of these scales: one, or one per channel. */
export function sumScaling(
  arithmetic: Arithmetic,
  kind: "conv" | "dense",
  input: ByteQuant,
  weightScales: readonly number[],
  output: ByteQuant,
): SumScaling {
  if (arithmetic.kind === "onnx") {
    const multipliers = weightScales.map((scale) => ({
      multiplier: onnxMultiplier(input, scale, output),
      shift: 0,
    }));
    return fixedPoint("float-half-even", multipliers);
  }
  if (kind === "dense") return inDoubles(weightScales.map((scale) => denseScale(input, scale, output)));
  const multipliers = weightScales.map((scale) => quantiseMultiplier(convMultiplier(input, scale, output)));
  return fixedPoint(arithmetic.rounding, multipliers);
}

/** All channels' multipliers; one where they are equal: the program says nothing twice. */
export function rescalingOf(scaling: SumScaling, sums: IntRange, steps: IntRange): Rescaling {
  const multipliers = Array.from({ length: scaling.numChannels }, (_, channel) =>
    scaling.multiplier(channel, sums, steps),
  );
  const [first] = multipliers;
  const isUniform = multipliers.every(
    ({ multiplier, shift }) => multiplier === first.multiplier && shift === first.shift,
  );
  return { rounding: scaling.rounding, multipliers: isUniform ? [first] : multipliers };
}
