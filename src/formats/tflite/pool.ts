/** AVERAGE_POOL_2D and MAX_POOL_2D. */

import { activationProblem, type Conversion } from "./conversion.ts";
import { POOL_2D_OPTIONS } from "./schema.ts";
import { readWindows, TO_CHANNELS_FIRST, TO_CHANNELS_LAST, windowAttributes } from "./windows.ts";

function pool(operator: "MaxPool" | "AveragePool"): Conversion {
  return (step) => {
    const { options } = step.operator;
    const input = step.tensor(0)?.shape ?? [];
    if (input.length !== 4) return "its input does not have four axes";
    const activation = options?.int8(POOL_2D_OPTIONS.activation) ?? 0;
    const problem = activationProblem(activation);
    if (problem !== undefined) return problem;
    const kernel = [POOL_2D_OPTIONS.filterHeight, POOL_2D_OPTIONS.filterWidth].map(
      (field) => options?.int32(field) ?? 0,
    );
    const windows = readWindows(options, POOL_2D_OPTIONS);
    const attributes = windowAttributes([input[1], input[2]], [kernel[0], kernel[1]], windows);
    const turned = step.turned(0, TO_CHANNELS_FIRST, "channelsFirst");
    step.emitActivated(activation, operator, [turned], attributes, TO_CHANNELS_LAST);
    return undefined;
  };
}

export const maxPool: Conversion = pool("MaxPool");
export const averagePool: Conversion = pool("AveragePool");
