/** Means and other sums of stored integers are wide, though no accumulators: requantised where that would not fit. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { maxAbs } from "../../program/intRange.ts";
import { elementCount } from "../../tensor/shape.ts";
import { activationForm } from "../activationScale.ts";
import { weightRange } from "../integerLinear.ts";
import type { LinearPart, RealId } from "../realProgram.ts";
import { namedRequantised } from "../tensorNames.ts";
import type { Emission, Emitted } from "./emission.ts";
import { emitRequantise, IDENTITY } from "./requantise.ts";

/** Inputs of products fit 16 bits. */
const MAX_INPUT = 2 ** 15;
/** Weights of so many bits should still fit above such an input. */
const USUAL_BITS = 8;
const MAX_SUM = 2 ** 29;

/** The value rounded to so many bits, at the scale that its calibrated values ask for. */
export function roundedTo(emission: Emission, input: Emitted, bits: number): Emitted {
  const { calibration } = emission;
  const values = Float32Array.from(input.q, (q) => input.tensor.quant.scale * q);
  const isSigned = input.tensor.range.lo < 0;
  const probe = isSigned ? IDENTITY : ({ kind: "clamp", lo: 0, hi: Number.POSITIVE_INFINITY } as const);
  const form = activationForm(probe, values, bits, calibration.isReal);
  const name = namedRequantised(input.tensor.name);
  const result = emitRequantise(emission, { name, result: name }, input, probe, form, 1);
  if (result !== null) return result;
  const message = `"${input.tensor.name}" ranges too far above its calibrated values to be requantised; use a narrower input range`;
  throw new TensorproofError("program.rangeTooLarge", message, { where: input.tensor.name });
}

/** The value rounded to the bits of an activation, for all that read it from here on. */
export function narrowed(emission: Emission, id: RealId): Emitted {
  const result = roundedTo(emission, emission.of(id), emission.options.activationBits);
  emission.bind(id, result.id);
  return result;
}

/** What the part reads, requantised first where its sums could not fit otherwise. */
export function narrowEnough(emission: Emission, part: LinearPart): Emitted {
  const input = emission.of(part.input);
  const farthest = maxAbs(input.tensor.range);
  const length = elementCount(part.weightShape.slice(1));
  const fits = farthest < MAX_INPUT && length * farthest * weightRange(USUAL_BITS).hi < MAX_SUM;
  const isSmall = farthest < 2 ** emission.options.activationBits;
  return fits || isSmall ? input : narrowed(emission, part.input);
}
