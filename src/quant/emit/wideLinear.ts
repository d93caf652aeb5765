/**
 * Linear models over wide integers: x = Σ 2^c · digit, each digit times its own weights, all sums at one scale. So the
 * rounding of a weight counts against a digit, not against all of x (docs/decisions/0014-classical-models.md).
 */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { maxAbs } from "../../program/intRange.ts";
import type { WideLinearStep } from "../realProgram.ts";
import type { Emission, Emitted } from "./emission.ts";
import { reachedDomain } from "./requantise.ts";

/** Bits of a digit; the lowest has more where a table of 2^16 rows does not reach so far. */
const DIGIT_BITS = 5;
const TABLE_BITS = 16;
/** Sums stay below this share of half the field, divided by the number of scores that an ArgMax may compare. */
const MAX_SUM = 2 ** 29;

/** An integer between digits: x = Σ 2^cut · digit. */
interface Digit {
  readonly cut: number;
  readonly value: Emitted;
}

/** Bits that are cut off one after the other, from the lowest on. */
function cutsOf(bits: number): number[] {
  const cuts: number[] = [];
  for (let cut = Math.max(DIGIT_BITS, bits - TABLE_BITS); cut < bits - 1; cut += DIGIT_BITS) cuts.push(cut);
  return cuts;
}

/** round(x / 2^shift), halves up. */
function emitRounded(emission: Emission, name: string, x: Emitted, shift: number): Emitted {
  const domain = reachedDomain(x.interval, x.tensor.range, shift);
  if (domain === null) throw new RangeError(`no table for ${name}`);
  const operator = { kind: "requantise", name, input: x.id, shift, rounding: "half-up" } as const;
  const map = { kind: "clamp", ...domain } as const;
  return emission.add(
    { ...operator, function: { domain, map } },
    { name, scale: x.tensor.quant.scale * 2 ** shift },
  );
}

/** Each digit is what a rounding leaves over, so it needs no look-up of its own. */
function emitDigits(emission: Emission, x: Emitted): Digit[] {
  const { lo, hi } = x.tensor.range;
  const bits = Math.ceil(Math.log2(Math.max(-lo, hi + 1))) + 1;
  const digits: Digit[] = [];
  let current = x;
  let done = 0;
  for (const cut of cutsOf(bits)) {
    const name = `${x.tensor.name} (from bit ${cut} on)`;
    const rounded = emitRounded(emission, name, current, cut - done);
    const rest = `${x.tensor.name} (bits ${done} to ${cut - 1})`;
    const factors = [1, -(2 ** (cut - done))];
    const value = emission.add(
      { kind: "combine", name: rest, inputs: [current.id, rounded.id], factors, offset: 0 },
      { name: rest, scale: current.tensor.quant.scale },
    );
    digits.push({ cut: done, value });
    current = rounded;
    done = cut;
  }
  return [...digits, { cut: done, value: current }];
}

/** The least 2^k − 1 that is not below any of the weights. */
function bound(weight: ArrayLike<number>): number {
  let most = 1;
  for (let j = 0; j < weight.length; j++) most = Math.max(most, Math.abs(weight[j]));
  return 2 ** Math.ceil(Math.log2(most + 1)) - 1;
}

interface Part {
  readonly digit: Digit;
  /** [M, columns], real, for the digit's integers. */
  readonly weight: Float64Array;
  readonly columns: number;
}

function partsOf(emission: Emission, step: WideLinearStep): Part[] {
  const numOutputs = step.bias.length;
  const total = step.weight.length / numOutputs;
  let first = 0;
  return step.inputs.flatMap((id, i) => {
    const x = emission.of(id);
    const columns = step.columns[i];
    const start = first;
    first += columns;
    const { scale } = x.tensor.quant;
    return emitDigits(emission, x).map((digit): Part => {
      const weight = Float64Array.from({ length: numOutputs * columns }, (_, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        return step.weight[row * total + start + column] * scale * 2 ** digit.cut;
      });
      return { digit, weight, columns };
    });
  });
}

const scaled = (values: Float64Array, scale: number): Int32Array =>
  Int32Array.from(values, (value) => Math.round(value / scale));

/** What declared ranges let the sums grow to, at this scale. */
function reach(parts: readonly Part[], bias: Float64Array, scale: number): number {
  const most = bias.reduce((value, b) => Math.max(value, Math.abs(b)), 0) / scale;
  return parts.reduce((sum, { digit, weight, columns }) => {
    const farthest = weight.reduce((value, w) => Math.max(value, Math.abs(w)), 0) / scale;
    return sum + columns * maxAbs(digit.value.tensor.range) * 2 ** Math.ceil(Math.log2(farthest + 2));
  }, 2 * most);
}

/** The finest power of two at which all sums fit the field. */
function sumScale(step: WideLinearStep, parts: readonly Part[]): number {
  const room = MAX_SUM / step.bias.length;
  let scale = 2 ** -100;
  while (reach(parts, step.bias, scale) >= room && scale < 2 ** 100) scale *= 2;
  if (scale < 2 ** 100) return scale;
  const message = `node "${step.name}": its weights or its features are too large to be added`;
  throw new TensorproofError("program.rangeTooLarge", message, { where: `node "${step.name}"` });
}

export function emitWideLinear(emission: Emission, step: WideLinearStep, name: string): Emitted {
  const parts = partsOf(emission, step);
  const scale = sumScale(step, parts);
  const numOutputs = step.bias.length;
  const constant = (called: string, shape: readonly number[], data: Int32Array, of: number): number => {
    const hi = bound(data);
    return emission.addConstant({
      name: called,
      shape,
      range: { lo: -hi, hi },
      quant: { scale: of, zeroPoint: 0 },
      data,
    });
  };
  const sums = parts.map(({ digit, weight, columns }, i) => {
    const called = `${step.name} (${digit.value.tensor.name})`;
    const of = scale / digit.value.tensor.quant.scale;
    const w = constant(`${step.weightName} (${i})`, [numOutputs, columns], scaled(weight, scale), of);
    const bias = i === 0 ? constant(step.biasName, [numOutputs], scaled(step.bias, scale), scale) : null;
    const operator = { kind: "matmul", name: called, input: digit.value.id, weight: w, bias } as const;
    return emission.add(operator, { name: called, scale });
  });
  const [inputs, factors] = [sums.map(({ id }) => id), sums.map(() => 1)];
  return emission.add({ kind: "combine", name: step.name, inputs, factors, offset: 0 }, { name, scale });
}
