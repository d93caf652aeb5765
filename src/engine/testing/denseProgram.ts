/** A small dense program with seeded weights, for tests: in -> hidden (ReLU) -> out, optionally argmax. */
import { activeRanges } from "../../program/activeRanges.ts";
import { declaredAccumulatorRange } from "../../program/declaredRanges.ts";
import { roundRangeOutward } from "../../program/intRange.ts";
import type {
  Program,
  ProgramConstant,
  ProgramOperator,
  ProgramTensor,
  Requantise,
} from "../../program/program.ts";
import { validateProgram } from "../../program/validate.ts";

export interface DenseShape {
  readonly input: number;
  readonly hidden: number;
  readonly output: number;
  readonly argmax?: boolean;
  readonly seed?: number;
}

/** Small deterministic integers; nothing secret depends on them. */
export function seededIntegers(seed: number, count: number, lo: number, hi: number): Int32Array {
  let state = seed >>> 0;
  return Int32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return lo + Math.floor(((state >>> 8) / 2 ** 24) * (hi - lo + 1));
  });
}

export function denseProgram(shape: DenseShape): Program {
  const { input, hidden, output, argmax = false, seed = 1 } = shape;
  const quant = { scale: 1, zeroPoint: 0 };
  const weight = (name: string, dims: number[], salt: number): ProgramConstant => ({
    name,
    shape: dims,
    range: { lo: -127, hi: 127 },
    quant,
    data: seededIntegers(
      seed + salt,
      dims.reduce((a, b) => a * b, 1),
      -127,
      127,
    ),
  });
  const bias = (name: string, length: number, salt: number): ProgramConstant => ({
    name,
    shape: [length],
    range: { lo: -(2 ** 17), hi: 2 ** 17 - 1 },
    quant,
    data: seededIntegers(seed + salt, length, -1000, 1000),
  });
  const constants = [
    weight("w1", [hidden, input], 10),
    bias("b1", hidden, 20),
    weight("w2", [output, hidden], 30),
    bias("b2", output, 40),
  ];
  const shift = 9;
  const operators: ProgramOperator[] = [
    { kind: "matmul", name: "dense1", input: 0, weight: 0, bias: 1, output: 1 },
    {
      kind: "requantise",
      name: "relu1",
      input: 1,
      shift,
      rounding: "half-up",
      function: { domain: { lo: -(2 ** 15), hi: 2 ** 15 - 1 }, map: { kind: "clamp", lo: 0, hi: 255 } },
      output: 2,
    },
    { kind: "matmul", name: "dense2", input: 2, weight: 2, bias: 3, output: 3 },
  ];
  if (argmax) operators.push({ kind: "argmax", name: "argmax", input: 3, output: 4 });
  const tensor = (name: string, length: number[], lo: number, hi: number): ProgramTensor => ({
    name,
    shape: length,
    range: { lo, hi },
    quant,
  });
  const tensors: ProgramTensor[] = [
    tensor("x", [input], 0, 255),
    tensor("acc1", [hidden], 0, 0),
    tensor("y1", [hidden], 0, 255),
    tensor("scores", [output], 0, 0),
  ];
  if (argmax) tensors.push(tensor("class", [], 0, output - 1));
  const draft: Program = {
    version: 1,
    name: "dense",
    mode: "pow2",
    tensors,
    constants,
    operators,
    inputs: [0],
    outputs: [argmax ? 4 : 3],
  };
  for (const operator of operators) {
    if (operator.kind === "matmul") {
      tensors[operator.output] = {
        ...tensors[operator.output],
        range: declaredAccumulatorRange(draft, operator),
      };
    }
  }
  const active = activeRanges(draft).tensors[1];
  const half = 2 ** (shift - 1);
  const domain = roundRangeOutward({
    lo: Math.floor((active.lo + half) / 2 ** shift),
    hi: Math.floor((active.hi + half) / 2 ** shift),
  });
  const requantise = operators[1] as Requantise;
  operators[1] = { ...requantise, function: { ...requantise.function, domain } };
  validateProgram(draft);
  return draft;
}

/** The first layer of a dense program by itself: what it gives out are activations from 0 to 255. */
export function firstLayer(shape: DenseShape): Program {
  const { tensors, constants, operators, ...rest } = denseProgram(shape);
  return {
    ...rest,
    tensors: tensors.slice(0, 3),
    constants: constants.slice(0, 2),
    operators: operators.slice(0, 2),
    outputs: [2],
  };
}
