import type { Rescale } from "../../program/program.ts";
import { rescaleThresholds } from "../../program/rescaleThresholds.ts";

/** They are asked for by the choice of piece length and by every plan of the same program. */
const known = new WeakMap<Rescale, readonly Float64Array[]>();

/** Where each channel's output steps up (`rescaleThresholds`). */
export function thresholdsOf(operator: Rescale): readonly Float64Array[] {
  let thresholds = known.get(operator);
  if (thresholds === undefined) {
    thresholds = operator.multipliers.map((_, channel) => rescaleThresholds(operator, channel));
    known.set(operator, thresholds);
  }
  return thresholds;
}
