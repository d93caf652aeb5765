/**
 * Softmax along one axis, in integers. With m the largest entry, e = round(2^b · exp(x − m)) from a table and S = Σ e:
 *
 *   d = round(S / 2^t),   y = floor((2^(k−t+1) · e + d) / (2 · d)) ≈ round(2^k · e / S).
 *
 * S is at least 2^b, since the largest entry alone gives that much. Declared ranges cannot tell, so the requantisation to
 * d clamps from below at 2^q = 2^(b−t): it never changes d, and it keeps the range of the quotient small, without which
 * quotient times denominator would not fit the field. Rounding S to a multiple of 2^t moves y by at most 2^−(q+1) of itself.
 */

import { integerFunctionOf } from "../integerFunction.ts";
import type { SoftmaxStep } from "../realProgram.ts";
import { SUM_BITS } from "../softmaxLimits.ts";
import type { Emission, Emitted } from "./emission.ts";
import { roundedTo } from "./narrowed.ts";
import { reachedDomain } from "./requantise.ts";
import { emitMaxOfAxis } from "./wiring.ts";

/** Scores are finer than activations: a step of theirs is a factor between probabilities. */
const SCORE_BITS = { least: 12, most: 14 };
/** As many more than activations have. */
const MORE_SCORE_BITS = 2;
/** Probabilities of fewer bits would be 0 along long axes, and no cheaper: they are quotients, not entries of a table. */
const MIN_RESULT_BITS = 8;
/** Of more, quotient times denominator would not fit the field. */
const MAX_RESULT_BITS = 12;
/** Of the exponentials. */
const EXPONENTIAL_BITS = 15;

interface SoftmaxBits {
  /** b: the exponential of 0 is 2^b. */
  readonly exponential: number;
  /** t: sums are divided by 2^t. */
  readonly shift: number;
  /** q: the least denominator is 2^q. */
  readonly least: number;
}

/** The finest that fits: one bit more for the denominator than for the result, as far as a table of all sums has room. */
function softmaxBits(length: number, resultBits: number): SoftmaxBits {
  const room = Math.floor(Math.log2((2 ** SUM_BITS - 1) / length));
  const least = Math.min(resultBits + 1, room);
  const shift = Math.min(EXPONENTIAL_BITS - least, resultBits);
  return { exponential: least + shift, shift, least };
}

/** Scores in integers of few enough bits that their differences index a table. */
function scoresOf(emission: Emission, step: SoftmaxStep): Emitted {
  const input = emission.of(step.input);
  const { lo, hi } = input.tensor.range;
  const { least, most } = SCORE_BITS;
  const bits = Math.min(most, Math.max(least, emission.options.activationBits + MORE_SCORE_BITS));
  return hi - lo < 2 ** bits ? input : roundedTo(emission, input, bits);
}

/** One entry per line, at every position of the line. */
function spread(emission: Emission, input: Emitted, axis: number, length: number, name: string): Emitted {
  const operator = {
    kind: "take",
    name,
    input: input.id,
    axis,
    indices: new Int32Array(length),
    fill: 0,
  } as const;
  return emission.add(operator, { name, scale: null });
}

/** 2^bits · exp(m − x), as an integer. */
function exponentials(
  emission: Emission,
  step: SoftmaxStep,
  scores: Emitted,
  length: number,
  bits: number,
): Emitted {
  const named = (what: string): string => `${step.name} (${what})`;
  const { scale } = scores.tensor.quant;
  const largest = emitMaxOfAxis(emission, named("largest"), scores, step.axis);
  const everywhere = spread(emission, largest, step.axis, length, named("largest, everywhere"));
  const below = named("below the largest");
  const distance = emission.add(
    { kind: "combine", name: below, inputs: [everywhere.id, scores.id], factors: [1, -1], offset: 0 },
    { name: below, scale },
  );
  const domain = reachedDomain(distance.interval, distance.tensor.range, 0);
  if (domain === null) throw new RangeError(`${below}: too wide for a table`);
  // Declared ranges allow negative distances, which do not occur.
  const table = integerFunctionOf(domain, (z) => Math.round(2 ** bits * Math.exp(-scale * Math.max(z, 0))));
  const name = named("exponentials");
  return emission.add(
    { kind: "requantise", name, input: distance.id, shift: 0, rounding: "half-up", function: table },
    { name, scale: 2 ** -bits },
  );
}

export function emitSoftmax(emission: Emission, step: SoftmaxStep, name: string): Emitted {
  const { axis } = step;
  const length = step.shape[axis];
  const resultBits = Math.min(MAX_RESULT_BITS, Math.max(MIN_RESULT_BITS, emission.options.activationBits));
  const { exponential, shift, least } = softmaxBits(length, resultBits);
  const named = (what: string): string => `${step.name} (${what})`;
  const e = exponentials(emission, step, scoresOf(emission, step), length, exponential);
  const sumName = named("sums");
  const sums = emission.add(
    { kind: "windowSum", name: sumName, input: e.id, axis, size: length, stride: 1, padBegin: 0, padEnd: 0 },
    { name: sumName, scale: 2 ** -exponential },
  );
  const domain = reachedDomain(sums.interval, sums.tensor.range, shift);
  if (domain === null) throw new RangeError(`${sumName}: too wide for a table`);
  const clamp = { kind: "clamp", lo: 2 ** least, hi: length * 2 ** least } as const;
  const roundedName = named("rounded sums");
  const rounded = emission.add(
    {
      kind: "requantise",
      name: roundedName,
      input: sums.id,
      shift,
      rounding: "half-up",
      function: { domain, map: clamp },
    },
    { name: roundedName, scale: 2 ** -least },
  );
  const d = spread(emission, rounded, axis, length, named("rounded sums, everywhere"));
  const numeratorName = named("numerators");
  const numerator = emission.add(
    {
      kind: "combine",
      name: numeratorName,
      inputs: [e.id, d.id],
      factors: [2 ** (resultBits - shift + 1), 1],
      offset: 0,
    },
    { name: numeratorName, scale: 2 ** -(resultBits + least + 1) },
  );
  const denominatorName = named("denominators");
  const denominator = emission.add(
    { kind: "combine", name: denominatorName, inputs: [d.id], factors: [2], offset: 0 },
    { name: denominatorName, scale: 2 ** -(least + 1) },
  );
  return emission.add(
    { kind: "divide", name: step.name, numerator: numerator.id, denominator: denominator.id },
    { name, scale: 2 ** -resultBits },
  );
}
