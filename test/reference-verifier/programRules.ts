/**
 * Rules of the operators: docs/spec/10-program.md, 10.3. Each checks an operator and derives its result.
 */
import type { Declaration, Operation, Program, Range } from "./program.ts";
import { MAX_INTEGER, noWrap, sameShape, valid } from "./programChecks.ts";
import { convRule, windows } from "./programConvRule.ts";
import { requantiseRule, rescaleRule } from "./programFunctionRules.ts";
import {
  addRanges,
  hull,
  multiplyRanges,
  rangeOf,
  scaleRange,
  subtractRanges,
  ZERO_RANGE,
} from "./ranges.ts";
import { floorDivide } from "./rescaleValue.ts";

/** What a rule derives; without a quantisation any is accepted. */
export interface Derived {
  readonly shape: readonly number[];
  readonly range: Range;
  readonly quantisation?: { readonly scale: number; readonly zeroPoint: number };
}

const MAX_INPUTS = 2 ** 16;
const MAX_INDICES = 2 ** 20;

export function ruleOf(program: Program, operator: Operation & { name: string }): Derived {
  const at = (id: number): Declaration => program.tensors[id]!;
  const constant = (id: number): Declaration => program.constants[id]!;
  const where = operator.name;
  switch (operator.kind) {
    case "matmul": {
      const [x, w] = [at(operator.input), constant(operator.weight)];
      const bias = operator.bias === undefined ? undefined : constant(operator.bias);
      return matmulRule(x, w, bias, where);
    }
    case "conv": {
      const bias = operator.bias === undefined ? undefined : constant(operator.bias);
      return convRule(operator, at(operator.input), constant(operator.weight), bias, where);
    }
    case "combine":
      return combineRule(operator, operator.inputs.map(at), leftOver(program, operator), where);
    case "multiply": {
      const [left, right] = [at(operator.left), at(operator.right)];
      valid(sameShape(left.shape, right.shape), `${where}: shapes`);
      return { shape: left.shape, range: multiplyRanges(left.range, right.range) };
    }
    case "divide":
      return divideRule(at(operator.numerator), at(operator.denominator), where);
    case "max": {
      const [left, right] = [at(operator.left), at(operator.right)];
      valid(sameShape(left.shape, right.shape), `${where}: shapes`);
      const lo = rangeOf([left.range.lo, right.range.lo]).hi;
      return { shape: left.shape, range: { lo, hi: hull(left.range, right.range).hi } };
    }
    case "requantise":
      return requantiseRule(operator.shift, operator.fn, at(operator.input), where);
    case "rescale":
      return rescaleRule(operator, at(operator.input), where);
    case "argmax": {
      const { shape } = at(operator.input);
      valid(shape.length >= 1, `${where}: no axis`);
      const range = { lo: 0n, hi: BigInt(shape[shape.length - 1]!) - 1n };
      return { shape: shape.slice(0, -1), range, quantisation: { scale: 1, zeroPoint: 0 } };
    }
    case "take":
      return takeRule(operator, at(operator.input), where);
    case "windowSum": {
      const { shape, range } = at(operator.input);
      valid(operator.axis < shape.length, `${where}: axis`);
      const numWindows = windows({ ...operator, dilation: 1 }, shape[operator.axis]!, operator.size, where);
      const padded = operator.padBegin + operator.padEnd > 0 ? hull(range, ZERO_RANGE) : range;
      return {
        shape: shape.with(operator.axis, numWindows),
        range: scaleRange(padded, BigInt(operator.size)),
      };
    }
    case "transpose": {
      const x = at(operator.input);
      const { permutation } = operator;
      valid(
        permutation.every((axis) => axis < x.shape.length),
        `${where}: an axis`,
      );
      valid(permutation.length === x.shape.length, `${where}: number of axes`);
      valid(new Set(permutation).size === permutation.length, `${where}: an axis twice`);
      const shape = permutation.map((axis) => x.shape[axis]!);
      return { shape, range: x.range, quantisation: x };
    }
    case "concat":
      return concatRule(operator.axis, operator.inputs.map(at), where);
    case "constant": {
      const value = constant(operator.constant);
      return { shape: value.shape, range: value.range, quantisation: value };
    }
    case "batchMatMul":
      return batchMatMulRule(at(operator.left), at(operator.right), where);
    case "gather":
      return gatherRule(operator.batchAxes, at(operator.table), at(operator.index), where);
    case "reshape": {
      const x = at(operator.input);
      const declared = program.tensors[program.numInputs + program.operators.indexOf(operator)]!;
      const cells = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
      valid(cells(x.shape) === cells(declared.shape), `${where}: number of elements`);
      return { shape: declared.shape, range: x.range, quantisation: x };
    }
  }
}

function matmulRule(x: Declaration, w: Declaration, bias: Declaration | undefined, where: string): Derived {
  valid(w.shape.length === 2, `${where}: weight`);
  const [m, k] = [w.shape[0]!, w.shape[1]!];
  valid(x.shape.length >= 1 && x.shape[x.shape.length - 1] === k, `${where}: last axis`);
  valid(bias === undefined || sameShape(bias.shape, [m]), `${where}: bias`);
  const products = scaleRange(multiplyRanges(x.range, w.range), BigInt(k));
  return { shape: x.shape.with(-1, m), range: addRanges(products, bias?.range ?? ZERO_RANGE) };
}

function combineRule(
  { factors, offset }: { readonly factors: readonly bigint[]; readonly offset: bigint },
  inputs: readonly Declaration[],
  rest: Range | undefined,
  where: string,
): Derived {
  valid(inputs.length >= 1 && inputs.length <= MAX_INPUTS, `${where}: number of inputs`);
  for (const factor of factors) valid(factor !== 0n && factor >= -MAX_INTEGER, `${where}: factor`);
  valid(offset >= -MAX_INTEGER, `${where}: offset`);
  const shape = inputs[0]!.shape;
  for (const input of inputs) valid(sameShape(input.shape, shape), `${where}: shapes`);
  let range: Range = { lo: offset, hi: offset };
  for (const [index, input] of inputs.entries()) {
    const part = scaleRange(input.range, factors[index]!);
    noWrap(part, 0n, where);
    range = addRanges(range, part);
  }
  if (rest !== undefined) range = addRanges(rest, { lo: offset, hi: offset });
  return { shape, range };
}

/** Range of what a rounding leaves over, without the offset. */
function leftOver(
  program: Program,
  { inputs, factors }: { readonly inputs: readonly number[]; readonly factors: readonly bigint[] },
): Range | undefined {
  if (inputs.length !== 2) return undefined;
  const rounding = program.operators[inputs[1]! - program.numInputs];
  if (rounding?.kind !== "requantise" || rounding.input !== inputs[0]) return undefined;
  const { domain, map } = rounding.fn;
  if (map.kind !== "clamp" || map.lo !== domain.lo || map.hi !== domain.hi) return undefined;
  const size = 2n ** BigInt(rounding.shift);
  if (factors[1] !== -factors[0]! * size) return undefined;
  const half = size / 2n;
  return scaleRange({ lo: -half, hi: size - 1n - half }, factors[0]!);
}

function divideRule(n: Declaration, d: Declaration, where: string): Derived {
  valid(sameShape(n.shape, d.shape), `${where}: shapes`);
  valid(d.range.lo >= 1n, `${where}: denominator`);
  const { lo } = rangeOf([d.range.lo, d.range.hi].map((e) => floorDivide(n.range.lo, e)));
  const { hi } = rangeOf([d.range.lo, d.range.hi].map((e) => floorDivide(n.range.hi, e)));
  const product = multiplyRanges({ lo, hi }, d.range);
  noWrap({ lo: 0n, hi: hi - lo }, 0n, where);
  noWrap(product, 0n, where);
  noWrap(subtractRanges(n.range, product), 0n, where);
  return { shape: n.shape, range: { lo, hi } };
}

function takeRule(
  operator: { readonly axis: number; readonly indices: readonly number[]; readonly fill: bigint },
  x: Declaration,
  where: string,
): Derived {
  const { axis, indices, fill } = operator;
  valid(axis < x.shape.length, `${where}: axis`);
  valid(indices.length >= 1 && indices.length <= MAX_INDICES, `${where}: number of indices`);
  valid(fill >= -MAX_INTEGER, `${where}: fill`);
  for (const index of indices) valid(index >= -1 && index < x.shape[axis]!, `${where}: index`);
  const filled = indices.includes(-1);
  valid(filled || fill === 0n, `${where}: fill`);
  const range = filled ? hull(x.range, { lo: fill, hi: fill }) : x.range;
  return { shape: x.shape.with(axis, indices.length), range, quantisation: x };
}

function concatRule(axis: number, inputs: readonly Declaration[], where: string): Derived {
  valid(inputs.length >= 1, `${where}: no inputs`);
  const first = inputs[0]!;
  valid(axis < first.shape.length, `${where}: axis`);
  let [length, range] = [0, first.range];
  for (const input of inputs) {
    valid(input.shape.length === first.shape.length, `${where}: number of axes`);
    valid(sameShape(input.shape.with(axis, 1), first.shape.with(axis, 1)), `${where}: shapes`);
    length += input.shape[axis]!;
    range = hull(range, input.range);
  }
  return { shape: first.shape.with(axis, length), range };
}

function batchMatMulRule(left: Declaration, right: Declaration, where: string): Derived {
  const [a, b] = [left.shape, right.shape];
  valid(a.length >= 2 && b.length === a.length, `${where}: number of axes`);
  valid(a[a.length - 1] === b[b.length - 1], `${where}: last axes`);
  valid(sameShape(a.slice(0, -2), b.slice(0, -2)), `${where}: first axes`);
  const range = scaleRange(multiplyRanges(left.range, right.range), BigInt(a[a.length - 1]!));
  return { shape: [...a.slice(0, -1), b[b.length - 2]!], range };
}

function gatherRule(batchAxes: number, table: Declaration, index: Declaration, where: string): Derived {
  valid(batchAxes < table.shape.length && batchAxes <= index.shape.length, `${where}: batch axes`);
  const same = sameShape(table.shape.slice(0, batchAxes), index.shape.slice(0, batchAxes));
  valid(same, `${where}: lengths of the batch axes`);
  const entries = BigInt(table.shape[batchAxes]!);
  valid(index.range.lo >= 0n && index.range.hi <= entries - 1n, `${where}: index`);
  const shape = [...index.shape, ...table.shape.slice(batchAxes + 1)];
  return { shape, range: table.range, quantisation: table };
}
