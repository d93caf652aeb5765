/** Sums of digits, each times its own weights, all at one scale: the rounding of a weight counts against a digit alone. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { maxAbs } from "../../program/intRange.ts";
import type { Digit } from "./digits.ts";
import type { Emission, Emitted } from "./emission.ts";

/** A digit of some columns of features, and the weights of its integers as real numbers: [outputs, columns]. */
export interface WeighedDigit {
  readonly value: Emitted;
  readonly columns: number;
  readonly weight: Float64Array;
}

/** Features that are one tensor, as digits. */
export interface DigitGroup {
  readonly digits: readonly Digit[];
  /** The first of its columns among all features. */
  readonly start: number;
  readonly columns: number;
  /** Of the features as integers. */
  readonly scale: number;
}

/** All digits with their weights. `weight`: [outputs, features]. */
export function weighed(
  groups: readonly DigitGroup[],
  weight: Float64Array,
  numOutputs: number,
): WeighedDigit[] {
  const total = weight.length / numOutputs;
  return groups.flatMap(({ digits, start, columns, scale }) =>
    digits.map(({ cut, value }): WeighedDigit => {
      const own = Float64Array.from({ length: numOutputs * columns }, (_, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        return weight[row * total + start + column] * scale * 2 ** cut;
      });
      return { value, columns, weight: own };
    }),
  );
}

function farthest(values: ArrayLike<number>): number {
  let most = 0;
  for (let j = 0; j < values.length; j++) most = Math.max(most, Math.abs(values[j]));
  return most;
}

/** The least 2^k − 1 that is not below any of the weights. */
function bound(weight: Int32Array): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, farthest(weight)) + 1)) - 1;
}

/** What declared ranges let the sums grow to, at this scale. */
export function reach(digits: readonly WeighedDigit[], bias: Float64Array, scale: number): number {
  return digits.reduce(
    (sum, { value, weight, columns }) => {
      const most = 2 ** Math.ceil(Math.log2(farthest(weight) / scale + 2));
      return sum + columns * maxAbs(value.tensor.range) * most;
    },
    2 * (farthest(bias) / scale),
  );
}

/** The finest power of two at which what `reachAt` gives stays below `room`. */
export function finestScale(node: string, room: number, reachAt: (scale: number) => number): number {
  let scale = 2 ** -100;
  while (reachAt(scale) >= room && scale < 2 ** 100) scale *= 2;
  if (scale < 2 ** 100) return scale;
  const message = `node "${node}": its weights or its features are too large to be added`;
  throw new TensorproofError("program.rangeTooLarge", message, { where: `node "${node}"` });
}

const rounded = (values: Float64Array, scale: number): Int32Array =>
  Int32Array.from(values, (value) => Math.round(value / scale));

/** Names of the constants and of the sums. */
export interface SumNames {
  readonly node: string;
  readonly weight: string;
  readonly bias: string;
}

/** The sums for each digit; the first has the bias, unless that is 0. They are to be added. */
export function emitWeighed(
  emission: Emission,
  { node, weight: weightName, bias: biasName }: SumNames,
  digits: readonly WeighedDigit[],
  bias: Float64Array,
  scale: number,
): Emitted[] {
  const constant = (name: string, shape: readonly number[], values: Float64Array, of: number): number => {
    const data = rounded(values, scale);
    const hi = bound(data);
    return emission.addConstant({
      name,
      shape,
      range: { lo: -hi, hi },
      quant: { scale: of, zeroPoint: 0 },
      data,
    });
  };
  const hasBias = bias.some((value) => value !== 0);
  return digits.map(({ value, weight, columns }, i) => {
    const name = `${node} (${value.tensor.name})`;
    const of = scale / value.tensor.quant.scale;
    const w = constant(`${weightName} (${i})`, [bias.length, columns], weight, of);
    const b = i === 0 && hasBias ? constant(biasName, [bias.length], bias, scale) : null;
    const operator = { kind: "matmul", name, input: value.id, weight: w, bias: b } as const;
    return emission.add(operator, { name, scale });
  });
}

export function emitTotal(emission: Emission, node: string, sums: readonly Emitted[], name: string): Emitted {
  const [inputs, factors] = [sums.map(({ id }) => id), sums.map(() => 1)];
  const { scale } = sums[0].tensor.quant;
  return emission.add({ kind: "combine", name: node, inputs, factors, offset: 0 }, { name, scale });
}
