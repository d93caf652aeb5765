/** Steps whose results are integers that must not be rounded: indices, truth values, the model's own integers. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { intervalHull } from "../../program/interval.ts";
import { rangeContains, rangeSize } from "../../program/intRange.ts";
import { MAX_DOMAIN_SIZE } from "../../program/rules/requantise.ts";
import { integerFunction, integerFunctionOf } from "../integerFunction.ts";
import { neededBits } from "../integerLinear.ts";
import type {
  ContractStep,
  DivideStep,
  FunctionStep,
  PairsStep,
  ProductStep,
  RealFunction,
  SumStep,
} from "../realProgram.ts";
import type { Emission, Emitted } from "./emission.ts";
import { emitLinear, integerLinear } from "./linear.ts";
import { reachedDomain } from "./requantise.ts";

const RESULTS = { lo: -(2 ** 30) + 1, hi: 2 ** 30 - 1 };

function tooWide(node: string, what: string): TensorproofError {
  return new TensorproofError(
    "program.rangeTooLarge",
    `node "${node}": ${what}; use smaller integers, or calibration data that says how large they get`,
    { where: `node "${node}"` },
  );
}

/** Integers at scale 1, or an error: what a step computes from must be exact for its result to be. */
function operand(emission: Emission, id: number, node: string): Emitted {
  const input = emission.of(id);
  if (input.tensor.quant.scale === 1) return input;
  throw tooWide(node, `"${input.tensor.name}" is rounded, but exact integers are needed`);
}

export function emitExactSum(emission: Emission, step: SumStep, name: string): Emitted {
  const parts = step.parts.map((part) => {
    const input = operand(emission, part.input, step.name);
    const linear = integerLinear(part, input, { weightScale: 1, bits: neededBits(part, 1) }, 1);
    const isWhole = step.parts.length === 1 && step.terms.length === 0;
    return emitLinear(emission, linear, isWhole ? name : `${part.name} (sums)`, 1);
  });
  if (parts.length === 1 && step.terms.length === 0) return parts[0];
  const terms = step.terms.map(({ input }) => operand(emission, input, step.name));
  const inputs = [...parts, ...terms].map(({ id }) => id);
  const factors = [...parts.map(() => 1), ...step.terms.map(({ factor }) => factor)];
  return emission.add({ kind: "combine", name: step.name, inputs, factors, offset: 0 }, { name, scale: 1 });
}

export function emitExactProduct(emission: Emission, step: ProductStep, name: string): Emitted {
  const [left, right] = [step.left, step.right].map((id) => operand(emission, id, step.name).id);
  return emission.add({ kind: "multiply", name: step.name, left, right }, { name, scale: 1 });
}

export function emitExactContract(emission: Emission, step: ContractStep, name: string): Emitted {
  const [left, right] = [step.left, step.right].map((id) => operand(emission, id, step.name).id);
  return emission.add({ kind: "batchMatMul", name: step.name, left, right }, { name, scale: 1 });
}

/** y = f(z) by a table over all z; null where there are too many. */
function tabulated(
  emission: Emission,
  names: { readonly name: string; readonly result: string },
  input: Emitted,
  f: RealFunction,
): Emitted | null {
  const { scale } = input.tensor.quant;
  // Of rounded reals the finest steps that a table holds decide; integers have no coarser ones.
  for (let shift = 0; shift <= (scale === 1 ? 0 : 24); shift++) {
    const domain = reachedDomain(input.interval, input.tensor.range, shift);
    if (domain === null) continue;
    const table = integerFunction(f, domain, scale * 2 ** shift, 1, RESULTS);
    const operator = {
      kind: "requantise",
      name: names.name,
      input: input.id,
      shift,
      rounding: "half-up",
    } as const;
    return emission.add({ ...operator, function: table }, { name: names.result, scale: 1 });
  }
  return null;
}

/** 1 where x < 0: floor(x / 2^s) is negative for the same x, and few enough for a table. */
function isNegative(emission: Emission, node: string, input: Emitted, name: string): Emitted {
  let shift = 1;
  const { range } = input.tensor;
  while ((range.hi - range.lo) / 2 ** shift > MAX_DOMAIN_SIZE / 4) shift++;
  const lowered = emission.add(
    {
      kind: "combine",
      name: `${node} (lowered)`,
      inputs: [input.id],
      factors: [1],
      offset: -(2 ** (shift - 1)),
    },
    { name: `${name} (lowered)`, scale: 1 },
  );
  const domain = reachedDomain(lowered.interval, lowered.tensor.range, shift);
  if (domain === null) throw tooWide(node, `compares integers in [${range.lo}, ${range.hi}]`);
  const table = integerFunctionOf(domain, (z) => (z < 0 ? 1 : 0));
  const operator = { kind: "requantise", name: node, input: lowered.id, shift, rounding: "half-up" } as const;
  return emission.add({ ...operator, function: table }, { name, scale: 1 });
}

function isZero(emission: Emission, node: string, input: Emitted, name: string): Emitted {
  const mirrored = emission.add(
    { kind: "combine", name: `${node} (negated)`, inputs: [input.id], factors: [-1], offset: 0 },
    { name: `${name} (negated)`, scale: 1 },
  );
  const below = isNegative(emission, `${node} (below)`, input, `${name} (below)`);
  const above = isNegative(emission, `${node} (above)`, mirrored, `${name} (above)`);
  return emission.add(
    { kind: "combine", name: node, inputs: [below.id, above.id], factors: [-1, -1], offset: 1 },
    { name, scale: 1 },
  );
}

function isWhole({ factor, offset }: { readonly factor: number; readonly offset: number }): boolean {
  return Number.isInteger(factor) && Number.isInteger(offset) && factor !== 0;
}

export function emitExactFunction(emission: Emission, step: FunctionStep, name: string): Emitted {
  const input = emission.of(step.input);
  const f = step.function;
  const isInteger = input.tensor.quant.scale === 1;
  if (isInteger && f.kind === "affine" && isWhole(f)) {
    const operator = { kind: "combine", name: step.name, inputs: [input.id], factors: [f.factor] } as const;
    return emission.add({ ...operator, offset: f.offset }, { name, scale: 1 });
  }
  if (isInteger && f.kind === "map" && f.identityOn !== undefined) {
    if (
      rangeContains(f.identityOn, intervalHull(input.interval)) &&
      rangeContains(f.identityOn, input.tensor.range)
    )
      return input;
  }
  const result = tabulated(emission, { name: step.name, result: name }, input, f);
  if (result !== null) return result;
  if (isInteger && f.kind === "map" && f.test === "negative")
    return isNegative(emission, step.name, input, name);
  if (isInteger && f.kind === "map" && f.test === "zero") return isZero(emission, step.name, input, name);
  const { lo, hi } = input.tensor.range;
  throw tooWide(
    step.name,
    `its function reads integers in [${lo}, ${hi}], more than a table of 2^16 rows holds`,
  );
}

export function emitDivide(emission: Emission, step: DivideStep, name: string): Emitted {
  const numerator = operand(emission, step.numerator, step.name);
  let denominator = operand(emission, step.denominator, step.name);
  if (denominator.tensor.range.lo < 1) {
    const clamped = `${step.name} (denominator)`;
    const domain = reachedDomain(denominator.interval, denominator.tensor.range, 0);
    if (domain === null || rangeSize(domain) > MAX_DOMAIN_SIZE)
      throw tooWide(step.name, "divides by integers of more than 16 bits");
    const operator = {
      kind: "requantise",
      name: clamped,
      input: denominator.id,
      shift: 0,
      rounding: "half-up",
    } as const;
    const map = { kind: "clamp", lo: 1, hi: Math.max(1, denominator.tensor.range.hi) } as const;
    denominator = emission.add({ ...operator, function: { domain, map } }, { name: clamped, scale: 1 });
  }
  return emission.add(
    { kind: "divide", name: step.name, numerator: numerator.id, denominator: denominator.id },
    { name, scale: 1 },
  );
}

/** A table of all pairs: the two integers are one, as many times the first as the second has values, plus the second. */
export function emitPairs(emission: Emission, step: PairsStep, name: string): Emitted {
  const [left, right] = [step.left, step.right].map((id) => operand(emission, id, step.name));
  const [a, b] = [left, right].map(({ interval }) => intervalHull(interval));
  const [numLeft, numRight] = [rangeSize(a), rangeSize(b)];
  const size = 2 ** Math.ceil(Math.log2(numLeft * numRight));
  if (size > MAX_DOMAIN_SIZE)
    throw tooWide(
      step.name,
      `combines integers in [${a.lo}, ${a.hi}] and [${b.lo}, ${b.hi}], more than 2^16 pairs`,
    );
  const pairName = `${step.name} (pairs)`;
  const pairs = emission.add(
    {
      kind: "combine",
      name: pairName,
      inputs: [left.id, right.id],
      factors: [numRight, 1],
      offset: -(a.lo * numRight + b.lo) + 0,
    },
    { name: pairName, scale: 1 },
  );
  const table = integerFunctionOf({ lo: 0, hi: size - 1 }, (z) => {
    const [x, y] = [a.lo + Math.floor(z / numRight), b.lo + (z % numRight)];
    return x > a.hi ? 0 : step.apply(x, y);
  });
  const operator = {
    kind: "requantise",
    name: step.name,
    input: pairs.id,
    shift: 0,
    rounding: "half-up",
  } as const;
  return emission.add({ ...operator, function: table }, { name, scale: 1 });
}
