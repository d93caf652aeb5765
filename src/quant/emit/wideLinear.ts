/** Linear models over wide integers: sums of digits, each times its own weights, all at one scale. */

import type { WideLinearStep } from "../realProgram.ts";
import { emitDigits } from "./digits.ts";
import type { Emission, Emitted } from "./emission.ts";
import { type DigitGroup, emitTotal, emitWeighed, finestScale, reach, weighed } from "./weighedDigits.ts";

const DIGIT_BITS = 5;
const MAX_SUM = 2 ** 29;

/** Sums stay below this. */
export function roomFor({ compared, bias }: Pick<WideLinearStep, "compared" | "bias">): number {
  return MAX_SUM / (compared ? bias.length : 1);
}

/** The inputs of a step as digits. */
export function digitGroups(
  emission: Emission,
  { inputs, columns }: Pick<WideLinearStep, "inputs" | "columns">,
  digitBits: number,
): DigitGroup[] {
  let first = 0;
  return inputs.map((id, i) => {
    const x = emission.of(id);
    const start = first;
    first += columns[i];
    const digits = emitDigits(emission, x, digitBits);
    return { digits, start, columns: columns[i], scale: x.tensor.quant.scale };
  });
}

export function emitWideLinear(emission: Emission, step: WideLinearStep, name: string): Emitted {
  const numOutputs = step.bias.length;
  const groups = digitGroups(emission, step, DIGIT_BITS);
  const digits = weighed(groups, step.weight, numOutputs);
  const scale = finestScale(step.name, roomFor(step), (at) => reach(digits, step.bias, at));
  const names = { node: step.name, weight: step.weightName, bias: step.biasName };
  return emitTotal(emission, step.name, emitWeighed(emission, names, digits, step.bias, scale), name);
}
