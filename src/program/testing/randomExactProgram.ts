import { elementCount, sameShape } from "../../tensor/shape.ts";
import { roundRangeOutward } from "../intRange.ts";
import type { Multiplier, Program, ProgramOperator, Rounding, TensorId } from "../program.ts";
import { numWindows } from "../window.ts";
import type { OperatorBody } from "./programDraft.ts";
import { Choices } from "./randomChoices.ts";

const KINDS: readonly ProgramOperator["kind"][] = [
  "matmul",
  "batchMatMul",
  "gather",
  "conv",
  "combine",
  "multiply",
  "divide",
  "max",
  "requantise",
  "rescale",
  "argmax",
  "windowSum",
  "take",
  "transpose",
  "concat",
  "constant",
  "reshape",
];
const ROUNDINGS: readonly Rounding[] = [
  "tflite-single",
  "tflite-double",
  "float-half-even",
  "divide-half-away",
];
const MAX_SIZE = 400;

function randomMultiplier(choices: Choices, rounding: Rounding): Multiplier {
  switch (rounding) {
    case "float-half-even":
      return { multiplier: Math.fround(choices.between(1, 10000) / 77777), shift: 0 };
    case "divide-half-away":
      return { multiplier: choices.between(1, 60), shift: 0 };
    default:
      return { multiplier: choices.between(2 ** 30, 2 ** 31 - 1), shift: choices.between(-9, 3) };
  }
}

function randomConv(choices: Choices, input: TensorId): OperatorBody | null {
  const shape = choices.shapeOf(input);
  const lengths = shape.slice(0, -1);
  const numChannels = shape[shape.length - 1];
  const groups = choices.one([1, numChannels, numChannels % 2 === 0 ? 2 : 1]);
  const axes = lengths.map((length) => ({
    length,
    size: choices.between(1, 3),
    stride: choices.between(1, 2),
    dilation: choices.between(1, 2),
    padBegin: choices.random(3),
    padEnd: choices.random(3),
  }));
  if (axes.some((axis) => numWindows(axis) < 1)) return null;
  const numOutputs = groups * choices.between(1, 5);
  const sizes = axes.map(({ size }) => size);
  const weight = choices.constant([numOutputs, ...sizes, numChannels / groups], choices.range());
  return {
    kind: "conv",
    input,
    weight,
    bias: choices.bias(numOutputs),
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    padBegin: axes.map(({ padBegin }) => padBegin),
    padEnd: axes.map(({ padEnd }) => padEnd),
    groups,
  };
}

function randomRequantise(choices: Choices, input: TensorId): OperatorBody | null {
  const shift = choices.between(8, 11);
  const { lo, hi } = choices.draft.tensors[input].range;
  const divide = (x: number): number => Math.floor((x + 2 ** (shift - 1)) / 2 ** shift);
  const domain = roundRangeOutward({ lo: divide(lo), hi: divide(hi) });
  if (domain.hi - domain.lo >= 2 ** 16) return null;
  const f = {
    domain,
    map: { kind: "clamp", lo: choices.one([0, -50]), hi: choices.between(20, 200) },
  } as const;
  return { kind: "requantise", input, shift, rounding: "half-up", function: f };
}

/** By a tensor that is at least 1, if there is one of the same shape. */
function randomDivide(choices: Choices, numerator: TensorId): OperatorBody | null {
  const { draft } = choices;
  const denominators = draft.tensors.flatMap(({ range, shape }, id) =>
    range.lo >= 1 && sameShape(shape, choices.shapeOf(numerator)) ? [id] : [],
  );
  return denominators.length === 0
    ? null
    : { kind: "divide", numerator, denominator: choices.one(denominators) };
}

/** Of any two tensors whose last axes have one length; their axes before the last two have to agree. */
function randomBatchMatMul(choices: Choices, left: TensorId): OperatorBody | null {
  const shape = choices.shapeOf(left);
  const fit = choices.draft.tensors.flatMap((_, id) => {
    const other = choices.shapeOf(id);
    const agrees =
      other.length === shape.length &&
      sameShape(other.slice(0, -2), shape.slice(0, -2)) &&
      other.at(-1) === shape.at(-1);
    return agrees ? [id] : [];
  });
  return { kind: "batchMatMul", left, right: choices.one(fit) };
}

/** By a tensor whose declared range fits the chosen axis, if there is one. */
function randomGather(choices: Choices, table: TensorId): OperatorBody | null {
  const { tensors } = choices.draft;
  const shape = choices.shapeOf(table);
  const batchAxes = choices.random(shape.length);
  const fit = tensors.flatMap(({ range, shape: other }, id) =>
    range.lo >= 0 &&
    range.hi < shape[batchAxes] &&
    sameShape(other.slice(0, batchAxes), shape.slice(0, batchAxes))
      ? [id]
      : [],
  );
  return fit.length === 0 ? null : { kind: "gather", table, index: choices.one(fit), batchAxes };
}

function randomTake(choices: Choices, input: TensorId): OperatorBody {
  const shape = choices.shapeOf(input);
  const axis = choices.random(shape.length);
  const hasFill = choices.random(2) === 0;
  const indices = Int32Array.from({ length: choices.between(1, 6) }, () =>
    choices.between(hasFill ? -1 : 0, shape[axis] - 1),
  );
  const fill = indices.includes(-1) ? choices.between(-300, 300) : 0;
  return { kind: "take", input, axis, indices, fill };
}

function randomWindowSum(choices: Choices, input: TensorId): OperatorBody | null {
  const shape = choices.shapeOf(input);
  const axis = choices.random(shape.length);
  const window = {
    size: choices.between(1, 4),
    stride: choices.between(1, 3),
    padBegin: choices.random(3),
    padEnd: choices.random(3),
  };
  if (numWindows({ ...window, length: shape[axis], dilation: 1 }) < 1) return null;
  return { kind: "windowSum", input, axis, ...window };
}

function randomConcat(choices: Choices, first: TensorId): OperatorBody {
  const shape = choices.shapeOf(first);
  const axis = choices.random(shape.length);
  const blank = (other: readonly number[]): readonly number[] =>
    other.map((length, at) => (at === axis ? 1 : length));
  const fit = choices.draft.tensors
    .map((_, id) => id)
    .filter((id) => sameShape(blank(choices.shapeOf(id)), blank(shape)));
  const others = Array.from({ length: choices.random(3) }, () => choices.one(fit));
  return { kind: "concat", inputs: [first, ...others], axis };
}

function randomBody(choices: Choices, kind: ProgramOperator["kind"]): OperatorBody | null {
  const { random } = choices;
  if (kind === "constant") {
    const like = choices.shapeOf(choices.tensor() ?? 0);
    return { kind, constant: choices.constant(like, choices.range()) };
  }
  const isConv = kind === "conv";
  const needsAxis =
    kind !== "combine" && kind !== "multiply" && kind !== "divide" && kind !== "max" && kind !== "reshape";
  const input = choices.tensor(isConv ? 2 : Number(needsAxis), isConv ? 4 : 8);
  if (input === null) return null;
  const shape = choices.shapeOf(input);
  switch (kind) {
    case "matmul": {
      const numOutputs = choices.between(1, 9);
      const weight = choices.constant([numOutputs, shape[shape.length - 1]], choices.range());
      return { kind, input, weight, bias: choices.bias(numOutputs) };
    }
    case "conv":
      return randomConv(choices, input);
    case "combine": {
      const inputs = choices.alike(input, choices.between(1, 3));
      const factors = inputs.map(() => choices.one([-1, 1, choices.between(1, 40), -choices.between(1, 40)]));
      return { kind, inputs, factors, offset: choices.between(-100, 100) };
    }
    case "multiply":
    case "max": {
      const [left, right] = choices.alike(input, 2);
      return { kind, left, right };
    }
    case "batchMatMul":
      return shape.length < 2 ? null : randomBatchMatMul(choices, input);
    case "gather":
      return randomGather(choices, input);
    case "divide":
      return randomDivide(choices, input);
    case "requantise":
      return randomRequantise(choices, input);
    case "rescale": {
      const rounding = choices.one(ROUNDINGS);
      const length = choices.one([1, shape[shape.length - 1]]);
      const multipliers = Array.from({ length }, () => randomMultiplier(choices, rounding));
      const lo = choices.one([-128, 0, -100]);
      const hi = lo + choices.one([255, 127, 6]);
      return { kind, input, rounding, multipliers, zeroPoint: choices.between(-20, 20), lo, hi };
    }
    case "take":
      return randomTake(choices, input);
    case "windowSum":
      return randomWindowSum(choices, input);
    case "transpose": {
      const axes = shape.map((_, axis) => axis);
      const permutation = shape.map(() => axes.splice(random(axes.length), 1)[0]);
      return { kind, input, permutation };
    }
    case "concat":
      return randomConcat(choices, input);
    case "argmax":
    case "reshape":
      return { kind, input };
  }
}

/** The lengths in any grouping: a factor may move from one axis to another. */
function randomReshape(choices: Choices, shape: readonly number[]): number[] {
  const size = elementCount(shape);
  const divisors = Array.from({ length: size }, (_, j) => j + 1).filter((length) => size % length === 0);
  const length = choices.one(divisors);
  return choices.one([[size], [length, size / length], [length, 1, size / length]]);
}

/** A valid program of two inputs and `numOperators` random operators of any kind. */
export function randomExactProgram(seed: number, numOperators = 8): Program {
  const choices = new Choices(seed);
  const { draft } = choices;
  const shape = Array.from({ length: choices.between(1, 4) }, () => choices.between(1, 4));
  draft.input(shape, choices.range());
  draft.input(choices.one([shape, [choices.between(1, 12)]]), choices.range());
  for (let added = 0; added < numOperators; ) {
    const { numConstants } = draft;
    const body = randomBody(choices, choices.one(KINDS));
    if (body === null) continue;
    const reshaped = body.kind === "reshape" ? randomReshape(choices, choices.shapeOf(body.input)) : [];
    const output = draft.tryAdd(body, numConstants, reshaped, MAX_SIZE);
    if (output !== null) added++;
  }
  return draft.program(`random exact ${seed}`);
}
