/**
 * Choice of weight scale and shift of a dense layer with activation. A requantisation divides by 2^shift exactly, so
 * the scale of its result is inputScale · weightScale · 2^shift: the weight scale is what tunes it. A coarser weight
 * scale costs weight precision, a result scale off the calibrated range costs activation precision or clips; which
 * costs less is measured on the calibration samples.
 */

import { TensorproofError } from "../errors/tensorproofError.ts";
import { accumulatorRange } from "../program/declaredRanges.ts";
import { intervalHull, matMulInterval, shiftInterval } from "../program/interval.ts";
import { rangeSize, roundRangeOutward } from "../program/intRange.ts";
import { shiftFitsField } from "../program/noWrap.ts";
import type { IntFunction } from "../program/program.ts";
import { MAX_DOMAIN_SIZE, MAX_SHIFT } from "../program/rules/requantise.ts";
import { runMatMul } from "../program/run/matMul.ts";
import { runRequantise } from "../program/run/requantise.ts";
import type { DenseLayer } from "./denseLayer.ts";
import { hasNegativeValues, integerFunction } from "./integerFunction.ts";
import { finestWeightScale, type IntegerDense, quantiseDense } from "./quantiseDense.ts";
import type { RealFunction } from "./realProgram.ts";
import { type IntegerForm, integerForm, rangeOfValues } from "./realRange.ts";

export interface Requantisation extends IntegerDense {
  readonly shift: number;
  readonly function: IntFunction;
  readonly outputScale: number;
  /** Mean squared error of the real-valued meaning on the calibration samples. */
  readonly meanSquaredError: number;
}

export interface RequantisationTask {
  readonly layer: DenseLayer;
  readonly function: RealFunction;
  /** What the float reference computes on the calibration samples after the activation. */
  readonly reference: ArrayLike<number>;
  readonly activationBits: number;
}

/**
 * Result scales to try, in sixteenths of the one that just covers the calibrated range. All leave some room above it:
 * clipping would gain little on average and lose much on the inputs that excite a layer most.
 */
const FINE_FACTORS: readonly number[] = [17, 19, 21, 23, 25, 27, 29, 31, 33];
/** Tried only if none of the finer ones has a small enough domain. */
const COARSE_FACTORS: readonly number[] = [40, 48, 64, 96, 128];

/** The integers that hold the calibrated results, each covered. */
function resultForm({ reference, function: f, activationBits }: RequantisationTask): IntegerForm {
  return integerForm(rangeOfValues(reference), hasNegativeValues(f), activationBits);
}

/** The largest shift that leaves the weights at least as coarse as their finest scale, and the weight scale with it. */
function splitScale(
  zScale: number,
  inputScale: number,
  finest: number,
): { shift: number; weightScale: number } {
  let shift = 0;
  while (shift < MAX_SHIFT && inputScale * finest * 2 ** (shift + 1) <= zScale) shift++;
  return { shift, weightScale: Math.max(finest, zScale / (inputScale * 2 ** shift)) };
}

function meanSquaredError(q: Int32Array, scale: number, reference: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < q.length; j++) {
    const error = scale * q[j] - reference[j];
    sum += error * error;
  }
  return sum / q.length;
}

/** The layer at this scale of z, or null where its domain is too large or a value could wrap in the field. */
function attempt(task: RequantisationTask, zScale: number): Requantisation | null {
  const { step, input } = task.layer;
  const { shift, weightScale } = splitScale(zScale, input.scale, finestWeightScale(task.layer));
  const dense = quantiseDense(task.layer, weightScale);
  const { weight, bias } = dense;
  const sums = accumulatorRange(step.length, input.declared, weight.range, bias?.range ?? null);
  const reached = shiftInterval(matMulInterval(input.interval, weight, bias), shift);
  const domain = roundRangeOutward(intervalHull(reached));
  if (rangeSize(domain) > MAX_DOMAIN_SIZE || !shiftFitsField(sums, shift, domain)) return null;

  const exactZScale = input.scale * weightScale * 2 ** shift;
  const form = resultForm(task);
  const outputScale = task.function.kind === "clamp" ? exactZScale : form.quant.scale;
  const f = integerFunction(task.function, domain, exactZScale, outputScale, form.range);
  const name = step.name;
  const operator = {
    kind: "requantise",
    name,
    input: 0,
    output: 1,
    shift,
    rounding: "half-up",
    function: f,
  } as const;
  const q = runRequantise(runMatMul(input.q, weight, bias), operator);
  return {
    ...dense,
    shift,
    function: f,
    outputScale,
    meanSquaredError: meanSquaredError(q, outputScale, task.reference),
  };
}

function best(
  task: RequantisationTask,
  target: number,
  sixteenths: readonly number[],
): Requantisation | null {
  let chosen: Requantisation | null = null;
  for (const factor of sixteenths) {
    const candidate = attempt(task, (target * factor) / 16);
    if (candidate === null) continue;
    if (chosen === null || candidate.meanSquaredError < chosen.meanSquaredError) chosen = candidate;
  }
  return chosen;
}

/**
 * The most accurate choice on the calibration samples.
 *
 * @throws TensorproofError `program.rangeTooLarge` if no scale keeps the domain within 2^16 integers and the field
 */
export function chooseRequantisation(task: RequantisationTask): Requantisation {
  const target = resultForm(task).quant.scale;
  const chosen = best(task, target, FINE_FACTORS) ?? best(task, target, COARSE_FACTORS);
  if (chosen !== null) return chosen;
  const where = task.layer.step.name;
  throw new TensorproofError(
    "program.rangeTooLarge",
    `node "${where}": the sums that inputs can reach are too far above the calibrated ones for a table of 2^16 rows or for the ` +
      "31-bit field; use fewer weight or activation bits, a narrower input range, or calibration data that reaches higher",
    { where },
  );
}
