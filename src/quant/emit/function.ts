/** Functions of stored integers, and products of two. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { activationForm, steepestSlope } from "../activationScale.ts";
import { integerFunction } from "../integerFunction.ts";
import type { ContractStep, FunctionStep, ProductStep, RealFunction, RealId } from "../realProgram.ts";
import type { IntegerForm } from "../realRange.ts";
import type { StepValues } from "../reference/step.ts";
import { namedRequantised } from "../tensorNames.ts";
import type { Emission, Emitted } from "./emission.ts";
import { narrowed, roundedTo } from "./narrowed.ts";
import { emitRequantise, reachedDomain } from "./requantise.ts";

function formOf(emission: Emission, id: RealId, f: RealFunction, result: Float32Array): IntegerForm {
  const { calibration, groups } = emission;
  const bits = (f.kind === "map" ? f.bits : undefined) ?? emission.bitsOf(id);
  const form = activationForm(f, result, bits, calibration.isReal);
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
  const most = 2 ** Math.max(12, emission.options.activationBits);
  return Math.max(-range.lo, range.hi) < most ? input : narrowed(emission, id);
}

/** Sums of products stay below this. */
const MAX_CONTRACTION_BITS = 29;

/** A factor of a sum of `length` products: of so few bits that the sum fits the field. */
function contractedFactor(emission: Emission, id: RealId, length: number): Emitted {
  const bits = Math.floor((MAX_CONTRACTION_BITS - Math.ceil(Math.log2(length))) / 2);
  const input = emission.of(id);
  const { range } = input.tensor;
  if (Math.max(-range.lo, range.hi) < 2 ** bits) return input;
  const { activationBits } = emission.options;
  return bits >= activationBits ? narrowed(emission, id) : roundedTo(emission, input, bits);
}

/** Products of two computed tensors, rounded to a function of them where the step has one. */
export function emitContract(
  emission: Emission,
  step: ContractStep,
  name: string,
  { sums, result }: StepValues,
): Emitted {
  const { shape } = emission.of(step.left).tensor;
  const length = shape[shape.length - 1];
  const left = contractedFactor(emission, step.left, length);
  const right = contractedFactor(emission, step.right, length);
  const scale = left.tensor.quant.scale * right.tensor.quant.scale;
  const sumsName = step.activation === null ? name : step.sums;
  const operator = { kind: "batchMatMul", name: step.name, left: left.id, right: right.id } as const;
  const product = emission.add(operator, { name: sumsName, scale });
  return activated(emission, step, name, product, { sums, result });
}

/** The function of wide products that their step ends in. */
function activated(
  emission: Emission,
  step: ProductStep | ContractStep,
  name: string,
  product: Emitted,
  { sums, result }: StepValues,
): Emitted {
  const { activation } = step;
  if (activation === null) return product;
  const f = activation.function;
  const isSameName = step.sums === step.result;
  const names = { name: activation.name, result: isSameName ? namedRequantised(name) : name };
  const form = formOf(emission, step.id, f, result);
  return required(emitRequantise(emission, names, product, f, form, steepestSlope(f, sums)), step.name);
}

export function emitProduct(
  emission: Emission,
  step: ProductStep,
  name: string,
  values: StepValues,
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
  return activated(emission, step, name, product, values);
}
