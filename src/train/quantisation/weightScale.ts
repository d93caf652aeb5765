/** The scale at which mode "pow2" holds the weights of a layer (src/quant/emit/sumPlan.ts). */
import { farthestFromZero, weightRange } from "../../quant/integerLinear.ts";

/**
 * Of a layer whose result has a scale of its own: sums have that scale / 2^shift, weights that of the sums by that of the
 * input, with the largest shift at which all weights fit their bits. Null where not even no shift does.
 */
export function requantisedWeightScale(
  weights: Float32Array,
  bits: number,
  input: number,
  result: number,
): number | null {
  const { hi } = weightRange(bits);
  const farthest = farthestFromZero(weights);
  if (farthest === 0) return null;
  // The largest weight must round to hi or less.
  const shift = Math.ceil(Math.log2((result * (hi + 0.5)) / (input * farthest))) - 1;
  return shift < 0 ? null : result / input / 2 ** Math.min(shift, MAX_SHIFT);
}

const MAX_SHIFT = 22;

/** Of a layer of scores, which are not rounded: the finest at which all weights fit. Null for zeros. */
export function scoreWeightScale(weights: Float32Array, bits: number): number | null {
  const farthest = farthestFromZero(weights);
  return farthest === 0 ? null : farthest / weightRange(bits).hi;
}
