import type { Rescale } from "../../../program/program.ts";
import { realFactor, rescaleThresholds } from "../../../program/rescaleThresholds.ts";
import { multiplierOf } from "../../../program/rescaleValue.ts";
import type { BigRange } from "../gadgets/shiftClamp.ts";
import { type StepLine, stepLine } from "./stepLine.ts";

/** The line of each channel, all brought to one shift; null where a channel has none. */
export function commonLines(operator: Rescale, range: BigRange): StepLine[] | null {
  const lines = operator.multipliers.map((_, channel) => {
    const thresholds = Array.from(rescaleThresholds(operator, channel));
    return stepLine(thresholds, range, realFactor(operator.rounding, multiplierOf(operator, channel)));
  });
  const shift = Math.max(...lines.map((line) => line?.shift ?? 0));
  const scaled: StepLine[] = [];
  for (const line of lines) {
    if (line === null) return null;
    const up = BigInt(shift - line.shift);
    scaled.push({ factor: line.factor << up, offset: line.offset << up, shift });
  }
  return scaled;
}
