/**
 * Choice of the scales of a sum: of its weights, of its accumulators, of what is requantised. A requantisation divides by
 * 2^shift exactly, so the scale of the accumulators is that of the result / 2^shift, and weights and other summands are
 * rounded to it. The shift decides how finely; more than needed would make the remainder's table long and the sums wide.
 */

import { productRange } from "../../program/declaredRanges.ts";
import { maxAbs } from "../../program/intRange.ts";
import type { IntRange } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import { farthestFromZero, MIN_WEIGHT_BITS, neededBits, weightRange } from "../integerLinear.ts";
import type { LinearPart, SumStep } from "../realProgram.ts";
import type { Emitted } from "./emission.ts";

/** |x| below this leaves room for rounding offsets under p/2. */
const MAX_SUM = 2 ** 30 - 2 ** 27;
/** Biases stay far inside the field: layers of tiny weights get a coarser scale instead. */
const MAX_BIAS_STEPS = 2 ** 26;
const MAX_SHIFT = 22;
/** The rounding of weights may cost the result a fraction of what its own rounding costs: this many bits below it. */
const EXTRA_BITS = 1;

/** A sum's operands as they have been emitted, in the order of its parts and terms. */
export interface SumOperands {
  readonly parts: readonly Emitted[];
  readonly terms: readonly Emitted[];
}

export interface PartScale {
  readonly weightScale: number;
  readonly bits: number;
}

export interface SumPlan {
  /** Of the accumulators. */
  readonly scale: number;
  readonly shift: number;
  readonly parts: readonly PartScale[];
  /** Of the terms. */
  readonly factors: readonly number[];
}

export interface WeightBits {
  readonly most: number;
  /** Whether all layers use exactly that many. */
  readonly isFixed: boolean;
}

const isPadded = ({ geometry }: LinearPart): boolean =>
  geometry !== null && [...geometry.padBegin, ...geometry.padEnd].some((pad) => pad > 0);

/** The range of a part's sums whatever its weights are, bias included. */
function partRange(part: LinearPart, input: IntRange, { bits }: PartScale, scale: number): IntRange {
  const read = isPadded(part) ? { lo: Math.min(input.lo, 0), hi: Math.max(input.hi, 0) } : input;
  const product = productRange(read, weightRange(bits));
  const length = elementCount(part.weightShape.slice(1));
  const farthest = part.bias === null ? 0 : farthestFromZero(part.bias) / scale;
  // Twice for the rounding up to a power of two, and something for the correction of means.
  const bias = part.bias === null ? 0 : 2 * farthest + 2 ** 12;
  return { lo: length * product.lo - bias, hi: length * product.hi + bias };
}

/** The range of the sums whatever the weights are. */
export function sumRange(step: SumStep, { parts, terms }: SumOperands, plan: SumPlan): IntRange {
  let lo = 0;
  let hi = 0;
  const add = (range: IntRange): void => {
    lo += range.lo;
    hi += range.hi;
  };
  step.parts.forEach((part, index) => {
    add(partRange(part, parts[index].tensor.range, plan.parts[index], plan.scale));
  });
  terms.forEach(({ tensor }, index) => {
    const factor = plan.factors[index];
    add(productRange(tensor.range, { lo: factor, hi: factor }));
  });
  return { lo, hi };
}

/** The plan at this scale of the accumulators, or null where weights or sums would not fit. */
export function planAt(
  step: SumStep,
  operands: SumOperands,
  scale: number,
  shift: number,
  bits: WeightBits,
): SumPlan | null {
  const parts = step.parts.map((part, index): PartScale => {
    const weightScale = scale / operands.parts[index].tensor.quant.scale;
    const needed = neededBits(part, weightScale);
    return { weightScale, bits: bits.isFixed ? Math.max(needed, bits.most) : needed };
  });
  if (parts.some((part) => part.bits > bits.most)) return null;
  const biases = step.parts.flatMap(({ bias }) => (bias === null ? [] : [farthestFromZero(bias)]));
  if (biases.some((bias) => bias > MAX_BIAS_STEPS * scale)) return null;
  const factors = step.terms.map(({ factor }, index) =>
    Math.round((factor * operands.terms[index].tensor.quant.scale) / scale),
  );
  if (factors.some((factor) => factor === 0)) return null;
  const plan = { scale, shift, parts, factors };
  return maxAbs(sumRange(step, operands, plan)) + 2 ** shift < MAX_SUM ? plan : null;
}

/** Mean of the squares of the integers, per channel of the last axis. */
function meanSquares({ q, tensor }: Emitted): Float64Array {
  const numChannels = tensor.shape.at(-1) ?? 1;
  const sums = new Float64Array(numChannels);
  for (let j = 0; j < q.length; j++) sums[j % numChannels] += q[j] * q[j];
  const numRows = q.length / numChannels;
  return sums.map((sum) => sum / numRows);
}

/** The largest mean of the squared norm of what one output of the part reads. */
function squaredNorm(part: LinearPart, input: Emitted): number {
  const squares = meanSquares(input);
  if (part.geometry === null) return squares.reduce((sum, square) => sum + square, 0);
  const groupChannels = part.weightShape.at(-1) ?? 1;
  const taps = elementCount(part.weightShape.slice(1, -1));
  let largest = 0;
  for (let first = 0; first < squares.length; first += groupChannels) {
    const group = squares.subarray(first, first + groupChannels);
    largest = Math.max(
      largest,
      group.reduce((sum, square) => sum + square, 0),
    );
  }
  return taps * largest;
}

/**
 * The shift at which rounding weights to the accumulators' scale disturbs the result by no more than 2^−EXTRA_BITS of its
 * step: an error of half a step in each weight adds up to a norm of the inputs times that step.
 */
export function wantedShift(step: SumStep, operands: SumOperands): number {
  let squares = 1;
  step.parts.forEach((part, index) => {
    squares += squaredNorm(part, operands.parts[index]);
  });
  for (const term of operands.terms) {
    const channels = meanSquares(term);
    squares += channels.reduce((sum, square) => sum + square, 0) / channels.length;
  }
  return Math.min(MAX_SHIFT, Math.ceil(Math.log2(squares) / 2) + EXTRA_BITS);
}

/** Factors that are tried; of larger ones all are about as good. */
const MAX_TRIALS = 256;

/** The scale nearest to `scale` at which the factor of the first term is exactly an integer. */
function scaleForFirstTerm(step: SumStep, { terms }: SumOperands, scale: number): number {
  if (terms.length === 0) return scale;
  const exact = Math.abs(step.terms[0].factor) * terms[0].tensor.quant.scale;
  const nearest = Math.max(1, Math.round(exact / scale));
  if (step.parts.length > 0 || terms.length === 1) return exact / nearest;
  // No weights to tune: the factor that leaves the other terms the least error.
  let best = nearest;
  let least = Infinity;
  const first = Math.max(1, Math.floor(nearest * 0.75), nearest - MAX_TRIALS);
  for (let factor = first; factor <= nearest; factor++) {
    const error = step.terms.reduce((largest, term, index) => {
      const ratio = (Math.abs(term.factor) * terms[index].tensor.quant.scale * factor) / exact;
      return Math.max(largest, Math.abs(Math.round(ratio) - ratio) / ratio);
    }, 0);
    if (error < least) [least, best] = [error, factor];
  }
  return exact / best;
}

/** The finest plan up to `shift` whose result has about this scale; null where none fits. */
export function planSum(
  step: SumStep,
  operands: SumOperands,
  resultScale: number,
  shift: number,
  bits: WeightBits,
  isScaleFixed: boolean,
): SumPlan | null {
  for (let tried = shift; tried >= 0; tried--) {
    const wanted = resultScale / 2 ** tried;
    const scale = isScaleFixed ? wanted : scaleForFirstTerm(step, operands, wanted);
    const plan = planAt(step, operands, scale, tried, bits);
    if (plan !== null) return plan;
  }
  return null;
}

/** Ratios of scales nearer to integers than this are integers. */
const EXACT_RATIO = 1e-9;
/** Sums of this size can still be requantised, their domain rounded up to a power of two. */
const MAX_FINE_SUM = 2 ** 27;
/** Factors of summands are at least this, where the field has room: their rounding changes little. */
const WANTED_FACTOR = 512;

/** Sums of stored integers alone: exactly where their scales are multiples of one, finely elsewhere. */
function planTerms(step: SumStep, operands: SumOperands, bits: WeightBits): SumPlan | null {
  const ratios = step.terms.map(
    ({ factor }, index) => Math.abs(factor) * operands.terms[index].tensor.quant.scale,
  );
  const counted = ratios.filter((_, index) => operands.terms[index].q.some((q) => q !== 0));
  const least = Math.min(...(counted.length > 0 ? counted : ratios));
  const isExact = ratios.every((ratio) => Math.abs(ratio / least - Math.round(ratio / least)) < EXACT_RATIO);
  const exact = isExact ? planAt(step, operands, least, 0, bits) : null;
  if (exact !== null) return exact;
  const fits = (plan: SumPlan, most: number): boolean => maxAbs(sumRange(step, operands, plan)) < most;
  for (const most of [MAX_FINE_SUM, MAX_SUM]) {
    for (let part = WANTED_FACTOR; part >= 1; part /= 2) {
      const plan = planAt(step, operands, least / part, 0, bits);
      if (plan !== null && fits(plan, most)) return plan;
    }
  }
  // Summands of no weight beside the others are rounded away.
  for (let part = 0.5; part >= 1 / WANTED_FACTOR; part /= 2) {
    const plan = planAt(step, operands, least / part, 0, bits);
    if (plan !== null) return plan;
  }
  return null;
}

/** Sums that are not requantised: the finest scale that weights of so many bits, or factors, allow. */
export function planScores(step: SumStep, operands: SumOperands, bits: WeightBits): SumPlan | null {
  if (step.parts.length === 0) return planTerms(step, operands, bits);
  for (let tried = bits.most; tried >= MIN_WEIGHT_BITS; tried--) {
    const finest = step.parts.map((part, index) => {
      const input = operands.parts[index].tensor.quant.scale;
      const forBias = part.bias === null ? 0 : farthestFromZero(part.bias) / MAX_BIAS_STEPS;
      return Math.max((input * farthestFromZero(part.weight)) / weightRange(tried).hi, forBias);
    });
    const ofTerms = step.terms.map(({ factor }, index) => {
      const { scale } = operands.terms[index].tensor.quant;
      return (Math.abs(factor) * scale) / 2 ** 16;
    });
    const scale = Math.max(...finest, ...ofTerms);
    const usable = scale >= 2 ** -500 ? scale : 1;
    const first = operands.terms[0]?.tensor.quant.scale;
    const exact = first === undefined ? usable : scaleForFirstTerm(step, operands, usable * (1 + 2 ** -8));
    const plan = planAt(step, operands, Math.max(exact, usable), 0, { ...bits, most: tried });
    if (plan !== null) return plan;
  }
  return null;
}
