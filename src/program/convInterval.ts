import { isPadded } from "./declaredRanges.ts";
import { foldInterval, type Interval } from "./interval.ts";
import type { Conv, ProgramConstant } from "./program.ts";

/**
 * Bounds of a convolution's channels for these very weights: one interval per output channel, from one per input channel.
 * Positions are not told apart, so it costs as much as the weights are many, whatever the image's size.
 */
export function convInterval(
  input: Interval,
  operator: Conv,
  weight: ProgramConstant,
  bias: ProgramConstant | null,
): Interval {
  const numOutputs = weight.shape[0];
  const groupChannels = weight.shape[weight.shape.length - 1];
  const channels = foldInterval(input, groupChannels * operator.groups);
  // A tap outside the input reads 0 instead.
  const isZeroRead = isPadded(operator);
  const least = isZeroRead ? channels.lo.map((x) => Math.min(x, 0)) : channels.lo;
  const most = isZeroRead ? channels.hi.map((x) => Math.max(x, 0)) : channels.hi;
  const length = weight.data.length / numOutputs;
  const lo = new Float64Array(numOutputs);
  const hi = new Float64Array(numOutputs);
  for (let m = 0; m < numOutputs; m++) {
    const firstChannel = Math.floor(m / (numOutputs / operator.groups)) * groupChannels;
    let sumLo = bias === null ? 0 : bias.data[m];
    let sumHi = sumLo;
    for (let k = m * length; k < (m + 1) * length; k += groupChannels) {
      for (let c = 0; c < groupChannels; c++) {
        const w = weight.data[k + c];
        const atLo = w * least[firstChannel + c];
        const atHi = w * most[firstChannel + c];
        sumLo += w < 0 ? atHi : atLo;
        sumHi += w < 0 ? atLo : atHi;
      }
    }
    lo[m] = sumLo;
    hi[m] = sumHi;
  }
  return { lo, hi };
}
