/** Programs that keep every rule of the format and are made to exhaust whoever believes their sizes. */
import type { Program, ProgramConstant, ProgramOperator, ProgramTensor } from "../../program/program.ts";
import type { ConstantDeclaration, ProgramStructure } from "../../program/programStructure.ts";

const quant = { scale: 1, zeroPoint: 0 };
const NOTHING = { lo: 0, hi: 0 };

function tensor(name: string, shape: number[], lo: number, hi: number): ProgramTensor {
  return { name, shape, range: { lo, hi }, quant };
}

/** One number through `count` clamps, no two alike, each with the largest table there may be. */
export function clampChain(count: number): Program {
  const domain = { lo: -(2 ** 15), hi: 2 ** 15 - 1 };
  const highest = (i: number): number => domain.hi - i;
  const operators = Array.from(
    { length: count },
    (_, i): ProgramOperator => ({
      kind: "requantise",
      name: `clamp ${i}`,
      input: i,
      shift: 0,
      rounding: "half-up",
      function: { domain, map: { kind: "clamp", lo: domain.lo, hi: highest(i) } },
      output: i + 1,
    }),
  );
  const tensors = [
    tensor("x", [1], domain.lo, domain.hi),
    ...operators.map((_, i) => tensor(`y ${i}`, [1], domain.lo, highest(i))),
  ];
  return {
    version: 1,
    name: "clamps",
    mode: "pow2",
    tensors,
    constants: [],
    operators,
    inputs: [0],
    outputs: [count],
  };
}

/** One matrix product of these lengths whose weights, declared but not there, are all zero. */
export function emptyProduct(outputs: number, inputs: number): ProgramStructure {
  const weight: ConstantDeclaration = { name: "w", shape: [outputs, inputs], range: NOTHING, quant };
  return {
    version: 1,
    name: "product",
    mode: "pow2",
    tensors: [tensor("x", [inputs], 0, 1), tensor("y", [outputs], 0, 0)],
    constants: [weight],
    operators: [{ kind: "matmul", name: "product", input: 0, weight: 0, bias: null, output: 1 }],
    inputs: [0],
    outputs: [1],
  };
}

/** One product x · w with these ranges; its weight is 0. */
export function wideProduct(input: ProgramTensor["range"], weight: ProgramConstant["range"]): Program {
  const corners = [input.lo, input.hi].flatMap((x) => [weight.lo, weight.hi].map((w) => x * w || 0));
  const constant = { name: "w", shape: [1, 1], range: weight, quant, data: Int32Array.of(0) };
  return {
    ...emptyProduct(1, 1),
    tensors: [
      { ...tensor("x", [1], 0, 0), range: input },
      tensor("y", [1], Math.min(...corners), Math.max(...corners)),
    ],
    constants: [constant],
  };
}

/** One number under one shape after another: the cheapest operators there are. */
export function reshapeChain(count: number): Program {
  const shapeOf = (id: number): number[] => (id % 2 === 0 ? [1] : [1, 1]);
  return {
    ...emptyProduct(1, 1),
    tensors: Array.from({ length: count + 1 }, (_, id) => tensor(`x${id}`, shapeOf(id), 0, 1)),
    constants: [],
    operators: Array.from({ length: count }, (_, i) => ({
      kind: "reshape",
      name: `reshape ${i}`,
      input: i,
      output: i + 1,
    })),
    outputs: [count],
  };
}

/** `count` clamps of one tensor whose every axis saves much when it is cut: 7 = 4 + 2 + 1. */
export function jaggedClamps(count: number, numAxes: number): Program {
  const shape = Array.from({ length: numAxes }, () => 7);
  const domain = { lo: 0, hi: 1 };
  const operators = Array.from(
    { length: count },
    (_, i): ProgramOperator => ({
      kind: "requantise",
      name: `clamp ${i}`,
      input: 0,
      shift: 0,
      rounding: "half-up",
      function: { domain, map: { kind: "clamp", ...domain } },
      output: i + 1,
    }),
  );
  return {
    ...emptyProduct(1, 1),
    tensors: Array.from({ length: count + 1 }, (_, id) => tensor(`x${id}`, shape, 0, 1)),
    constants: [],
    operators,
    outputs: operators.map(({ output }) => output),
  };
}
