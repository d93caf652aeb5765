/**
 * Channels whose weights are all 0 compute the same integer everywhere. Converters give them a scale so small that the
 * bias, in its steps, lies around ±2^30: more than the proof system tells apart. Such a channel gets the multiplier 1
 * and as its bias the integer it computes. The multiplier, which is public, shows this; so does the scale of the file.
 */

import type { Multiplier, Rounding } from "../../program/program.ts";
import { type ByteQuant, byteRange, clampTo } from "./byteQuant.ts";
import type { Rescaling, SumScaling } from "./sumScaling.ts";
import type { ConstantValue } from "./values.ts";

/** Sums of products stay well inside the field beside a bias below this. */
const MAX_BIAS = 2 ** 26;

/** Leaves every sum as it is. */
function unitMultiplier(rounding: Rounding): Multiplier {
  return rounding === "float-half-even" ? { multiplier: 1, shift: 0 } : { multiplier: 2 ** 30, shift: 1 };
}

export interface SmallBiases {
  readonly bias: ConstantValue | undefined;
  /** The channels whose bias is their result. */
  readonly dead: ReadonlySet<number>;
}

/** Replaces every large bias of a channel without weights by the result of that channel. */
export function withSmallBiases(
  weight: ConstantValue,
  bias: ConstantValue | undefined,
  scaling: SumScaling,
  output: ByteQuant,
): SmallBiases {
  const dead = new Set<number>();
  if (bias === undefined) return { bias, dead };
  const length = weight.data.length / weight.shape[0];
  const [zeroPoint] = weight.zeroPoints;
  const data = bias.data.map((value, channel) => {
    const weights = weight.data.subarray(channel * length, (channel + 1) * length);
    if (Math.abs(value) < MAX_BIAS || weights.some((w) => w !== zeroPoint)) return value;
    dead.add(channel);
    const steps = scaling.round(scaling.numChannels === 1 ? 0 : channel, value);
    return clampTo(byteRange(output.type), steps + output.zeroPoint) - output.zeroPoint;
  });
  return { bias: { ...bias, data }, dead };
}

/** The rescaling with multiplier 1 in the channels whose bias is their result. */
export function withUnitMultipliers(
  { rounding, multipliers }: Rescaling,
  dead: ReadonlySet<number>,
  numChannels: number,
): Rescaling {
  if (dead.size === 0) return { rounding, multipliers };
  const spread = Array.from({ length: numChannels }, (_, channel) =>
    dead.has(channel) ? unitMultiplier(rounding) : multipliers[multipliers.length === 1 ? 0 : channel],
  );
  return { rounding, multipliers: spread };
}
