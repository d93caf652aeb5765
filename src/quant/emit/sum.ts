import { TensorproofError } from "../../errors/tensorproofError.ts";
import { combineInterval } from "../../program/elementwiseInterval.ts";
import type { Interval } from "../../program/interval.ts";
import type { IntFunction, IntRange } from "../../program/program.ts";
import { activationForm, steepestSlope } from "../activationScale.ts";
import { integerFunction } from "../integerFunction.ts";
import type { Activation, SumStep } from "../realProgram.ts";
import type { IntegerForm } from "../realRange.ts";
import type { StepValues } from "../reference/step.ts";
import { namedRequantised } from "../tensorNames.ts";
import type { Emission, Emitted } from "./emission.ts";
import {
  emitLinear,
  type IntegerLinear,
  integerLinear,
  linearInterval,
  withCorrectedBias,
} from "./linear.ts";
import { narrowEnough } from "./narrowed.ts";
import { reachedDomain } from "./requantise.ts";
import {
  planScores,
  planSum,
  type SumOperands,
  type SumPlan,
  sumRange,
  type WeightBits,
  wantedShift,
} from "./sumPlan.ts";

/** Bits of a weight unless the options say otherwise; those of scores fit the prover's fastest kernels. */
export const MOST_WEIGHT_BITS = 16;
const SCORE_BITS = 12;

function weightBits(emission: Emission, most: number): WeightBits {
  const { bits } = emission.options;
  return bits === null ? { most, isFixed: false } : { most: bits, isFixed: true };
}

/** The refusal of sums that fit neither table nor field. */
export function tooLarge(where: string): TensorproofError {
  return new TensorproofError(
    "program.rangeTooLarge",
    `node "${where}": the sums that inputs can reach are too far above the calibrated ones for a table of 2^16 rows or for the ` +
      "31-bit field; use fewer weight or activation bits, a narrower input range, or calibration data that reaches higher",
    { where: `node "${where}"` },
  );
}

/** The mean of each channel of the last axis. */
function channelMeans(values: ArrayLike<number>, numChannels: number): Float64Array {
  const means = new Float64Array(numChannels);
  for (let j = 0; j < values.length; j++) means[j % numChannels] += values[j];
  return means.map((sum) => (sum * numChannels) / values.length);
}

/** Means over fewer samples would fit those samples, not the model. */
const MIN_SAMPLES_FOR_MEANS = 8;

/** What the linear layers of a sum become at the planned scales. */
function linearLayers(
  emission: Emission,
  step: SumStep,
  { parts, terms }: SumOperands,
  plan: SumPlan,
  sums: Float32Array,
): IntegerLinear[] {
  const layers = step.parts.map((part, index) =>
    integerLinear(part, parts[index], plan.parts[index], plan.scale),
  );
  const corrected = layers.findIndex(({ bias }) => bias !== null);
  const { isReal, count } = emission.calibration;
  if (corrected < 0 || !isReal || count < MIN_SAMPLES_FOR_MEANS) return layers;
  const numChannels = step.shape.at(-1) ?? 1;
  const missing = channelMeans(sums, numChannels);
  const subtract = (q: Int32Array, factor: number): void => {
    channelMeans(q, numChannels).forEach((mean, channel) => {
      missing[channel] -= factor * plan.scale * mean;
    });
  };
  for (const { q } of layers) subtract(q, 1);
  terms.forEach(({ q }, index) => {
    subtract(q, plan.factors[index]);
  });
  return layers.map((layer, index) =>
    index === corrected ? withCorrectedBias(layer, missing, plan.scale) : layer,
  );
}

/** What all layers and terms together can reach. */
export function reachOfSums(
  layers: readonly IntegerLinear[],
  terms: readonly Emitted[],
  factors: readonly number[],
): Interval {
  const intervals = [...layers.map(linearInterval), ...terms.map(({ interval }) => interval)];
  return combineInterval(intervals, [...layers.map(() => 1), ...factors], 0);
}

/** Adds layers and their combination; the result is called `name`. */
export function emitSums(
  emission: Emission,
  step: SumStep,
  layers: readonly IntegerLinear[],
  { terms }: SumOperands,
  plan: SumPlan,
  name: string,
): Emitted {
  const { scale } = plan;
  if (layers.length === 1 && terms.length === 0) return emitLinear(emission, layers[0], name, scale);
  const emitted = layers.map((layer) => emitLinear(emission, layer, `${layer.part.name} (sums)`, scale));
  const inputs = [...emitted, ...terms].map(({ id }) => id);
  const factors = [...emitted.map(() => 1), ...plan.factors];
  return emission.add({ kind: "combine", name: step.name, inputs, factors, offset: 0 }, { name, scale });
}

interface Chosen {
  readonly plan: SumPlan;
  readonly layers: readonly IntegerLinear[];
  readonly function: IntFunction;
  readonly outputScale: number;
}

/** The plan with its layers at about this scale of z, or null where it does not fit. */
function attempt(
  emission: Emission,
  step: SumStep,
  operands: SumOperands,
  activation: Activation,
  zScale: number,
  form: IntegerForm,
  isScaleFree: boolean,
  isScaleFixed: boolean,
  sums: Float32Array,
): Chosen | null {
  const bits = weightBits(emission, MOST_WEIGHT_BITS);
  const shift = wantedShift(step, operands);
  const plan = planSum(step, operands, zScale, shift, bits, isScaleFixed);
  if (plan === null) return null;
  const layers = linearLayers(emission, step, operands, plan, sums);
  const interval = reachOfSums(layers, operands.terms, plan.factors);
  const domain = reachedDomain(interval, sumRange(step, operands, plan), plan.shift);
  if (domain === null) return null;
  const exact = plan.scale * 2 ** plan.shift;
  const outputScale = isScaleFree && activation.function.kind === "clamp" ? exact : form.quant.scale;
  const f = integerFunction(activation.function, domain, exact, outputScale, form.range);
  return { plan, layers, function: f, outputScale };
}

/** How much coarser z may become before giving up. */
const COARSER: readonly number[] = [
  1,
  1.5,
  2,
  3,
  4,
  6,
  8,
  ...Array.from({ length: 17 }, (_, i) => 2 ** (i + 4)),
];

function emitActivated(
  emission: Emission,
  step: SumStep,
  operands: SumOperands,
  activation: Activation,
  { sums, result }: StepValues,
): Emitted {
  const { calibration, groups } = emission;
  const free = activationForm(activation.function, result, emission.bitsOf(step.id), calibration.isReal);
  const fixed = groups.get(step.id);
  const form = fixed === undefined ? free : { range: free.range, quant: { scale: fixed, zeroPoint: 0 } };
  const slope = steepestSlope(activation.function, sums);
  const isClamp = activation.function.kind === "clamp";
  const zScale = isClamp ? form.quant.scale : form.quant.scale / (2 * Math.max(slope, 2 ** -10));
  for (const coarser of COARSER) {
    const isScaleFixed = isClamp && fixed !== undefined && coarser === 1;
    const chosen = attempt(
      emission,
      step,
      operands,
      activation,
      coarser * zScale,
      form,
      fixed === undefined,
      isScaleFixed,
      sums,
    );
    if (chosen === null) continue;
    return emitChosen(emission, step, operands, activation, chosen, result);
  }
  throw tooLarge(step.name);
}

function emitChosen(
  emission: Emission,
  step: SumStep,
  operands: SumOperands,
  activation: Activation,
  { plan, layers, function: f, outputScale }: Chosen,
  result: Float32Array,
): Emitted {
  const accumulators = emitSums(emission, step, layers, operands, plan, step.sums);
  const operator = {
    kind: "requantise",
    name: activation.name,
    input: accumulators.id,
    shift: plan.shift,
    rounding: "half-up",
    function: f,
  } as const;
  const name = step.sums === step.result ? namedRequantised(step.result) : step.result;
  const emitted = emission.add(operator, { name, scale: outputScale });
  reportLayer(emission, step, plan, emitted, f.domain, result);
  return emitted;
}

export function reportLayer(
  emission: Emission,
  step: SumStep,
  plan: SumPlan,
  emitted: Emitted,
  domain: IntRange | null,
  result: Float32Array,
): void {
  if (step.parts.length === 0) return;
  const { q, tensor } = emitted;
  let squares = 0;
  for (let j = 0; j < q.length; j++) squares += (tensor.quant.scale * q[j] - result[j]) ** 2;
  emission.layers.push({
    node: step.parts[0].name,
    weightScale: plan.parts[0].weightScale,
    weightBits: plan.parts[0].bits,
    shift: domain === null ? null : plan.shift,
    domain,
    rootMeanSquaredError: domain === null ? null : Math.sqrt(squares / q.length),
  });
}

export function emitSum(emission: Emission, step: SumStep, resultName: string, values: StepValues): Emitted {
  const operands: SumOperands = {
    parts: step.parts.map((part) => narrowEnough(emission, part)),
    terms: step.terms.map(({ input }) => emission.of(input)),
  };
  if (step.activation !== null)
    return emitActivated(emission, { ...step, result: resultName }, operands, step.activation, values);
  const plan = planScores(step, operands, weightBits(emission, SCORE_BITS));
  if (plan === null) throw tooLarge(step.name);
  const layers = linearLayers(emission, step, operands, plan, values.sums);
  const emitted = emitSums(emission, step, layers, operands, plan, resultName);
  reportLayer(emission, step, plan, emitted, null, values.result);
  return emitted;
}
