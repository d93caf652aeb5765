/**
 * Quadratic forms over wide integers: x·Q·x = Σ_i x_i·z_i with z = Q·x, sums of digits as in linear models. Both sides of each
 * product are cut into digits again; products of digits that weigh far less than the result's unit are left out
 * (docs/decisions/0014-classical-models.md).
 */

import { maxAbs } from "../../program/intRange.ts";
import type { WideQuadraticStep } from "../realProgram.ts";
import { type Digit, emitDigits, emitRounded } from "./digits.ts";
import type { Emission, Emitted } from "./emission.ts";
import {
  type DigitGroup,
  emitTotal,
  emitWeighed,
  finestScale,
  reach,
  type WeighedDigit,
  weighed,
} from "./weighedDigits.ts";
import { digitGroups, roomFor } from "./wideLinear.ts";

/** Of features; fewer where many products are added. */
const DIGIT_BITS = 6;
const FACTOR_BITS = 9;
/** The longest digit of a sum below 2^29: what a table of 2^16 roundings leaves over. */
const LONGEST_FACTOR = 13;
/** Products that weigh less than the result's unit are kept down to its 2^−9. */
const FINER_BITS = 9;
/** So many integers on each side of 0 have a table. */
const MAX_ROUNDED = 2 ** 15 - 2;
const MAX_SUM = 2 ** 29;
const MAX_PRODUCTS = 2 ** 28;

/** Of the features of one tensor: the weights of z, [forms · columns, features], times the scale of these features. */
interface FactorPart {
  readonly group: DigitGroup;
  readonly digits: readonly WeighedDigit[];
  /** The sum of all x_i·z_i stays below this. */
  readonly most: number;
}

/** Σ_i left[i] · right[form, i] over the features of one tensor, in units of `unit`. */
interface ProductOfDigits {
  readonly left: Digit;
  readonly right: Digit;
  readonly columns: number;
  readonly unit: number;
}

/** Null where no feature of the group is multiplied. */
function factorPart(
  step: WideQuadraticStep,
  groups: readonly DigitGroup[],
  group: DigitGroup,
): FactorPart | null {
  const { start, columns, scale, digits: ownDigits } = group;
  const total = step.weight.length / step.bias.length;
  const numForms = step.quadratic.length / total ** 2;
  const rows = new Float64Array(numForms * columns * total);
  for (let form = 0; form < numForms; form++) {
    const from = (form * total + start) * total;
    const own = step.quadratic.subarray(from, from + columns * total);
    rows.set(
      own.map((q) => q * scale),
      form * columns * total,
    );
  }
  const digits = weighed(groups, rows, numForms * columns).filter(({ weight }) =>
    weight.some((w) => w !== 0),
  );
  if (digits.length === 0) return null;
  const { cut, value } = ownDigits[ownDigits.length - 1];
  const features = columns * maxAbs(value.tensor.range) * 2 ** cut;
  const unit = 2 ** -60;
  return { group, digits, most: features * unit * reach(digits, new Float64Array(1), unit) };
}

/** z is finer than what of it is multiplied: its weights are rounded to its scale. */
const GUARD_BITS = 10;

/** Of z, as fine as the result's unit can tell times the highest digit. */
function multipliedUnit({ group: { digits } }: FactorPart, unit: number): number {
  return unit / 2 ** digits[digits.length - 1].cut;
}

function emitFactors(emission: Emission, step: WideQuadraticStep, part: FactorPart, unit: number): Emitted {
  const { digits, group } = part;
  const { start } = group;
  const numFactors = digits[0].weight.length / digits[0].columns;
  const none = new Float64Array(numFactors);
  const called = `${step.name} (factors of features from ${start} on)`;
  const finest = finestScale(step.name, MAX_SUM, (at) => reach(digits, none, at));
  const scale = Math.max(finest, multipliedUnit(part, unit) / 2 ** GUARD_BITS);
  const names = { node: called, weight: `${step.quadraticName} (from ${start} on)`, bias: "" };
  return emitTotal(emission, called, emitWeighed(emission, names, digits, none, scale), called);
}

/** Products of digits that weigh at least the unit. */
function productsOf(
  emission: Emission,
  part: FactorPart,
  factors: Emitted,
  least: number,
): ProductOfDigits[] {
  const { digits, columns } = part.group;
  const guard = Math.log2(multipliedUnit(part, least) / factors.tensor.quant.scale);
  const right = emitDigits(emission, factors, FACTOR_BITS, guard > 0 ? guard : FACTOR_BITS);
  return digits.flatMap((digit) =>
    right.flatMap((factor) => {
      const unit = factors.tensor.quant.scale * 2 ** (digit.cut + factor.cut);
      return unit < least ? [] : [{ left: digit, right: factor, columns, unit }];
    }),
  );
}

/** Each tensor as [rows, columns], once. */
function matrixReader(emission: Emission): (value: Emitted, columns: number) => Emitted {
  const matrices = new Map<number, Emitted>();
  return (value, columns) => {
    const known = matrices.get(value.id);
    if (known !== undefined) return known;
    const name = `${value.tensor.name} (matrix)`;
    const shape = [value.tensor.shape[0] / columns, columns];
    const matrix = emission.add({ kind: "reshape", name, input: value.id }, { name, scale: null, shape });
    matrices.set(value.id, matrix);
    return matrix;
  };
}

/** Σ of products, [1, forms], in units of the scale. */
function emitProducts(
  emission: Emission,
  name: string,
  products: readonly ProductOfDigits[],
  scale: number,
): Emitted {
  const matrixOf = matrixReader(emission);
  const sums = products.map(({ left, right, columns, unit }, i) => {
    const called = `${name} ${i}`;
    const [x, z] = [matrixOf(left.value, columns), matrixOf(right.value, columns)];
    const operator = { kind: "batchMatMul", name: called, left: x.id, right: z.id } as const;
    return { product: emission.add(operator, { name: called, scale: unit }), factor: unit / scale };
  });
  const inputs = sums.map(({ product }) => product.id);
  const factors = sums.map(({ factor }) => factor);
  return emission.add({ kind: "combine", name, inputs, factors, offset: 0 }, { name, scale });
}

/** Those that weigh less than the scale, the heaviest first, as long as one table holds all roundings of their sum. */
function finerProducts(products: readonly ProductOfDigits[], scale: number): ProductOfDigits[] {
  let sum = 0;
  return products
    .filter(({ unit }) => unit < scale)
    .toSorted((a, b) => b.unit - a.unit)
    .filter(({ left, right, columns, unit }) => {
      sum += (columns * maxAbs(left.range) * maxAbs(right.range) * unit) / scale;
      return sum < MAX_ROUNDED;
    });
}

/** What weighs less than the scale is added by itself and rounded to it. */
function emitForms(
  emission: Emission,
  node: string,
  products: readonly ProductOfDigits[],
  scale: number,
): Emitted {
  const name = `${node} (forms)`;
  const coarse = products.filter(({ unit }) => unit >= scale);
  const fine = finerProducts(products, scale);
  const emitCoarse = (): Emitted => emitProducts(emission, `${node} (products)`, coarse, scale);
  if (fine.length === 0) return emitCoarse();
  const sum = emitProducts(emission, `${node} (finer products)`, fine, scale / 2 ** FINER_BITS);
  const rounded = emitRounded(emission, `${node} (finer products, rounded)`, sum, FINER_BITS);
  if (coarse.length === 0) return rounded;
  const whole = emitCoarse();
  const operator = {
    kind: "combine",
    name,
    inputs: [whole.id, rounded.id],
    factors: [1, 1],
    offset: 0,
  } as const;
  return emission.add(operator, { name, scale });
}

/** [1, forms] as one for each output. */
function emitOfOutputs(emission: Emission, forms: Emitted, numOutputs: number): Emitted {
  const [, numForms] = forms.tensor.shape;
  const flat = `${forms.tensor.name}, in one row`;
  const row = emission.add(
    { kind: "reshape", name: flat, input: forms.id },
    { name: flat, scale: null, shape: [numForms] },
  );
  if (numForms === numOutputs) return row;
  const shared = `${forms.tensor.name}, of each output`;
  const indices = new Int32Array(numOutputs);
  return emission.add(
    { kind: "take", name: shared, input: row.id, axis: 0, indices, fill: 0 },
    { name: shared, scale: null },
  );
}

export function emitWideQuadratic(emission: Emission, step: WideQuadraticStep, name: string): Emitted {
  const numOutputs = step.bias.length;
  const room = Math.log2(MAX_PRODUCTS) - LONGEST_FACTOR - Math.ceil(Math.log2(Math.max(...step.columns)));
  const groups = digitGroups(emission, step, Math.max(2, Math.min(DIGIT_BITS, room)));
  const parts = groups.flatMap((group) => factorPart(step, groups, group) ?? []);
  const linear = weighed(groups, step.weight, numOutputs);
  const scale = finestScale(step.name, roomFor(step), (at) =>
    parts.reduce((sum, { most }) => sum + most / at, reach(linear, step.bias, at)),
  );
  const least = scale / 2 ** FINER_BITS;
  const products = parts.flatMap((part) =>
    productsOf(emission, part, emitFactors(emission, step, part, least), least),
  );
  const names = { node: step.name, weight: step.weightName, bias: step.biasName };
  const sums = emitWeighed(emission, names, linear, step.bias, scale);
  if (products.length > 0)
    sums.push(emitOfOutputs(emission, emitForms(emission, step.name, products, scale), numOutputs));
  return emitTotal(emission, step.name, sums, name);
}
