/**
 * One scale for everything, as tools with a single fixed-point scale have: inputs, weights and activations are multiples
 * of 2^−n, sums of 4^−n, and a requantisation divides by 2^n. No mean is corrected, no range is clipped, so that what is
 * measured is the scale alone.
 */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { integerFunction } from "../integerFunction.ts";
import { applyFunction, hasNegativeValues } from "../realFunction.ts";
import type { RealProgram, RealStep, SumStep } from "../realProgram.ts";
import { type IntegerForm, type RealRange, rangeOfValues } from "../realRange.ts";
import type { StepValues } from "../reference/step.ts";
import { namedRequantised } from "../tensorNames.ts";
import type { Emission, Emitted } from "./emission.ts";
import { integerLinear } from "./linear.ts";
import { reachedDomain } from "./requantise.ts";
import { emitSums, MOST_WEIGHT_BITS, reachOfSums, reportLayer, tooLarge } from "./sum.ts";
import { planAt, sumRange } from "./sumPlan.ts";

/** Steps that move or choose elements keep their scale. */
const KEEPS_SCALE: ReadonlySet<RealStep["kind"]> = new Set([
  "maxPool",
  "max",
  "take",
  "concat",
  "transpose",
  "reshape",
  "argmax",
]);

function hasFixedForm(step: RealStep): boolean {
  if (KEEPS_SCALE.has(step.kind)) return true;
  if (step.kind !== "sum" || step.exact === true || step.terms.length > 0) return false;
  return step.activation === null || step.activation.function.kind === "clamp";
}

/** @throws TensorproofError `options.invalid` naming every node that has no form of one scale */
export function requireFixedPoint(program: RealProgram): void {
  const inputs = program.inputs.filter(({ type }) => type !== "float32").map(({ name }) => name);
  const nodes = program.steps.filter((step) => !hasFixedForm(step)).map(({ name }) => name);
  if (inputs.length + nodes.length === 0) return;
  throw new TensorproofError(
    "options.invalid",
    `option fractionBits: dense and convolutional layers with ReLU alone have one scale throughout; leave it out for ` +
      [...inputs, ...nodes].map((name) => `"${name}"`).join(", "),
    { where: "fractionBits", details: [...inputs, ...nodes] },
  );
}

/** The multiples of 2^−fractionBits that hold these reals. */
export function fixedPointForm({ lo, hi }: RealRange, fractionBits: number): IntegerForm {
  const steps = 2 ** fractionBits;
  const range = { lo: Math.min(0, Math.floor(lo * steps)), hi: Math.max(1, Math.ceil(hi * steps)) };
  return { range, quant: { scale: 1 / steps, zeroPoint: 0 } };
}

export function emitFixedSum(
  emission: Emission,
  step: SumStep,
  fractionBits: number,
  resultName: string,
  { sums, result }: StepValues,
): Emitted {
  const scale = 2 ** -fractionBits;
  const operands = { parts: step.parts.map(({ input }) => emission.of(input)), terms: [] };
  const bits = { most: MOST_WEIGHT_BITS, isFixed: false };
  const { activation } = step;
  const plan = planAt(step, operands, scale ** 2, activation === null ? 0 : fractionBits, bits);
  if (plan === null) throw tooLarge(step.name);
  const layers = step.parts.map((part, index) =>
    integerLinear(part, operands.parts[index], plan.parts[index], plan.scale),
  );
  if (activation === null) {
    const emitted = emitSums(emission, step, layers, operands, plan, resultName);
    reportLayer(emission, step, plan, emitted, null, result);
    return emitted;
  }
  const interval = reachOfSums(layers, operands.terms, plan.factors);
  const domain = reachedDomain(interval, sumRange(step, operands, plan), plan.shift);
  if (domain === null) throw tooLarge(step.name);
  const f = activation.function;
  const isSigned = hasNegativeValues(f);
  const { lo, hi } = rangeOfValues(applyFunction(f, sums));
  const form = fixedPointForm({ lo: isSigned ? lo : 0, hi }, fractionBits);
  const accumulators = emitSums(emission, step, layers, operands, plan, step.sums);
  const operator = {
    kind: "requantise",
    name: activation.name,
    input: accumulators.id,
    shift: plan.shift,
    rounding: "half-up",
    function: integerFunction(f, domain, scale, scale, form.range),
  } as const;
  const name = step.sums === resultName ? namedRequantised(resultName) : resultName;
  const emitted = emission.add(operator, { name, scale });
  reportLayer(emission, step, plan, emitted, domain, result);
  return emitted;
}
