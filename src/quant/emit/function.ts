/** Functions of stored integers, and products of two. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { activationForm, steepestSlope } from "../activationScale.ts";
import { integerFunction } from "../integerFunction.ts";
import type { FunctionStep, ProductStep, RealFunction, RealId } from "../realProgram.ts";
import type { IntegerForm } from "../realRange.ts";
import type { StepValues } from "../reference/step.ts";
import { namedRequantised } from "../tensorNames.ts";
import type { Emission, Emitted } from "./emission.ts";
import { narrowed } from "./narrowed.ts";
import { emitRequantise, reachedDomain } from "./requantise.ts";

function formOf(emission: Emission, id: RealId, f: RealFunction, result: Float32Array): IntegerForm {
  const { calibration, options, groups } = emission;
  const form = activationForm(f, result, options.activationBits, calibration.isReal);
  const fixed = groups.get(id);
  return fixed === undefined ? form : { range: form.range, quant: { scale: fixed, zeroPoint: 0 } };
}

function required(emitted: Emitted | null, name: string): Emitted {
  if (emitted !== null) return emitted;
  const message =
    `node "${name}": the values that inputs can reach are too far above the calibrated ones for a table of 2^16 rows; ` +
    "use a narrower input range, or calibration data that reaches higher";
  throw new TensorproofError("program.rangeTooLarge", message, { where: `node "${name}"` });
}

/** A multiple of all values is a matter of scale alone, and a constant added one of the offset. */
function emitAffine(
  emission: Emission,
  step: FunctionStep,
  factor: number,
  offset: number,
  name: string,
): Emitted {
  const input = emission.of(step.input);
  const scale = Math.abs(factor) * input.tensor.quant.scale;
  const operator = {
    kind: "combine",
    name: step.name,
    inputs: [input.id],
    factors: [Math.sign(factor)],
    offset: Math.round(offset / scale) + 0,
  } as const;
  return emission.add(operator, { name, scale });
}

/** Integers of more than this are requantised before they index a table by themselves. */
const MAX_TABLE_OFFSET = 2 ** 12;

export function emitFunction(
  emission: Emission,
  step: FunctionStep,
  name: string,
  { sums }: StepValues,
): Emitted {
  const f = step.function;
  if (f.kind === "affine" && f.factor !== 0) {
    const { scale } = emission.of(step.input).tensor.quant;
    if (Math.abs(f.offset) < MAX_TABLE_OFFSET * Math.abs(f.factor) * scale)
      return emitAffine(emission, step, f.factor, f.offset, name);
  }
  const input = emission.of(step.input);
  const { scale } = input.tensor.quant;
  const isFree = emission.groups.get(step.id) === undefined;
  const isStored = input.tensor.range.hi < 2 ** emission.options.activationBits;
  if (f.kind === "clamp" && isFree && isStored) {
    // The integers stay what they are, but for the bounds.
    const domain = reachedDomain(input.interval, input.tensor.range, 0);
    if (domain !== null) {
      const table = integerFunction(f, domain, scale, scale, domain);
      const operator = {
        kind: "requantise",
        name: step.name,
        input: input.id,
        shift: 0,
        rounding: "half-up",
      } as const;
      return emission.add({ ...operator, function: table }, { name, scale });
    }
  }
  const form = formOf(emission, step.id, f, sums);
  const reference = Float32Array.from(input.q, (q) => scale * q);
  const slope = steepestSlope(f, reference);
  return required(
    emitRequantise(emission, { name: step.name, result: name }, input, f, form, slope),
    step.name,
  );
}

/** Factors of products fit the bits of activations, so that the product stays far inside the field. */
function factorOf(emission: Emission, id: RealId): Emitted {
  const input = emission.of(id);
  const { range } = input.tensor;
  return Math.max(-range.lo, range.hi) < 2 ** 12 ? input : narrowed(emission, id);
}

export function emitProduct(
  emission: Emission,
  step: ProductStep,
  name: string,
  { sums, result }: StepValues,
): Emitted {
  const left = factorOf(emission, step.left);
  const right = factorOf(emission, step.right);
  const scale = left.tensor.quant.scale * right.tensor.quant.scale;
  const { activation } = step;
  const sumsName = activation === null ? name : step.sums;
  const product = emission.add(
    { kind: "multiply", name: step.name, left: left.id, right: right.id },
    { name: sumsName, scale },
  );
  if (activation === null) return product;
  const f = activation.function;
  const names = { name: activation.name, result: sumsName === name ? namedRequantised(name) : name };
  const form = formOf(emission, step.id, f, result);
  return required(emitRequantise(emission, names, product, f, form, steepestSlope(f, sums)), step.name);
}
