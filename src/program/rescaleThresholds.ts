import type { IntRange, Multiplier, Rescale, Rounding } from "./program.ts";
import { multiplierOf, rescaleValue } from "./rescaleValue.ts";

const LEAST = -(2 ** 31);
/** One more than any 32-bit integer: what is never reached. */
const NEVER = 2 ** 31;

/** The real factor that the rounding approximates. */
export function realFactor(rounding: Rounding, { multiplier, shift }: Multiplier): number {
  switch (rounding) {
    case "tflite-single":
    case "tflite-double":
      return multiplier * 2 ** (shift - 31);
    case "float-half-even":
      return multiplier;
    case "divide-half-away":
      return 1 / multiplier;
  }
}

/**
 * The least 32-bit x with round(x) ≥ target, 2^31 if there is none. `estimate` is an integer near it: the closer, the
 * faster, and exact whatever it is. Steps double until the threshold is passed, then halve again.
 */
function leastReaching(rounding: Rounding, multiplier: Multiplier, target: number, estimate: number): number {
  let x = Math.min(Math.max(estimate, LEAST), NEVER);
  const reaches = (at: number): boolean =>
    at >= NEVER || (at >= LEAST && rescaleValue(rounding, multiplier, at) >= target);
  // `below` does not reach the target, `x` does.
  let below: number;
  let step = 1;
  if (reaches(x)) {
    below = x - 1;
    while (reaches(below)) {
      x = below;
      step *= 2;
      below = x - step;
    }
  } else {
    below = x;
    x = below + 1;
    while (!reaches(x)) {
      below = x;
      step *= 2;
      x = below + step;
    }
  }
  while (x - below > 1) {
    const middle = Math.floor((x + below) / 2);
    if (reaches(middle)) x = middle;
    else below = middle;
  }
  return x;
}

/**
 * Where the operator's output steps up, at this index of the last axis: entry i is the least 32-bit x whose output is at
 * least lo + 1 + i; −2^31 if every x has such an output, 2^31 if none has. So the output of x is lo plus the number of
 * thresholds that x reaches. `outputs`: of the steps that matter, within the operator's [lo, hi].
 */
export function rescaleThresholds(
  operator: Rescale,
  channel: number,
  outputs: IntRange = operator,
): Float64Array {
  const { rounding, zeroPoint } = operator;
  const multiplier = multiplierOf(operator, channel);
  const factor = realFactor(rounding, multiplier);
  const thresholds = new Float64Array(outputs.hi - outputs.lo);
  for (let i = 0; i < thresholds.length; i++) {
    const target = outputs.lo + 1 + i - zeroPoint;
    thresholds[i] = leastReaching(rounding, multiplier, target, Math.ceil((target - 0.5) / factor));
  }
  return thresholds;
}
