import { functionRange } from "../program/declaredRanges.ts";
import { functionInterval, intervalHull } from "../program/interval.ts";
import { roundRangeOutward } from "../program/intRange.ts";
import { runRequantise } from "../program/run/requantise.ts";
import { referenceValues } from "./calibration.ts";
import type { Emission, EmittedTensor } from "./emission.ts";
import { hasNegativeValues, integerFunction } from "./integerFunction.ts";
import type { ActivationStep } from "./realProgram.ts";
import { integerForm, rangeOfValues } from "./realRange.ts";

/** An activation of its own, on values that are small already: a requantise without a shift. */
export function emitActivation(
  { builder, calibration, options }: Emission,
  step: ActivationStep,
  input: EmittedTensor,
  resultName: string,
): EmittedTensor {
  const { quant } = builder.tensor(input.id);
  const reference = referenceValues(calibration, step.graphValue);
  const isSigned = hasNegativeValues(step.function);
  const form = integerForm(rangeOfValues(reference), isSigned, options.activationBits);
  const outputScale = step.function.kind === "clamp" ? quant.scale : form.quant.scale;
  const domain = roundRangeOutward(intervalHull(input.interval));
  const output = step.function.kind === "clamp" ? domain : form.range;
  const f = integerFunction(step.function, domain, quant.scale, outputScale, output);
  const operator = {
    kind: "requantise",
    name: step.name,
    input: input.id,
    shift: 0,
    rounding: "half-up",
    function: f,
  } as const;
  const id = builder.addOperator(operator, {
    name: resultName,
    shape: step.shape,
    range: functionRange(f),
    quant: { scale: outputScale, zeroPoint: 0 },
  });
  return {
    id,
    q: runRequantise(input.q, { ...operator, output: id }),
    interval: functionInterval(input.interval, f),
  };
}
