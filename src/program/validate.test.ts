import { describe, expect, it } from "vitest";
import type { Program, ProgramOperator, ProgramTensor, Requantise } from "./program.ts";
import { randomProgram } from "./testing/randomProgram.ts";
import { validateProgram } from "./validate.ts";
import { validateStructure } from "./validateStructure.ts";

// reshape 0→1, matmul 1→2, requantise 2→3, argmax 3→4.
const valid: Program = randomProgram(4, 1);

function withTensor(id: number, change: Partial<ProgramTensor>): Program {
  return {
    ...valid,
    tensors: valid.tensors.map((tensor, at) => (at === id ? { ...tensor, ...change } : tensor)),
  };
}

function withOperator(index: number, change: object): Program {
  const changed = (operator: ProgramOperator, at: number): ProgramOperator =>
    at === index ? ({ ...operator, ...change } as ProgramOperator) : operator;
  return { ...valid, operators: valid.operators.map(changed) };
}

function withConstant(change: object): Program {
  return {
    ...valid,
    constants: valid.constants.map((constant, at) => (at === 0 ? { ...constant, ...change } : constant)),
  };
}

const requantise = valid.operators[2] as Requantise;
const weight = valid.constants[0];
const clampOf = (domain: { lo: number; hi: number }): object => ({
  function: { domain, map: { kind: "clamp", lo: 0, hi: 1 } },
});

const invalid: Record<string, Program> = {
  "an empty name": { ...valid, name: "" },
  "a control character in a name": withTensor(1, { name: "a\u001b[2Jb" }),
  "a lone surrogate in a name": withTensor(1, { name: "\ud800" }),
  "two tensors of one name": withTensor(1, { name: "input" }),
  "a length of 0": withTensor(0, { shape: [0] }),
  "a fractional length": withTensor(0, { shape: [1.5] }),
  "too many axes": withTensor(0, { shape: [1, 1, 1, 1, 1, 1, 1, 1, valid.tensors[0].shape[0]] }),
  "an empty range": withTensor(0, { range: { lo: 1, hi: 0 } }),
  "a scale of 0": withTensor(0, { quant: { scale: 0, zeroPoint: 0 } }),
  "an infinite scale": withTensor(0, { quant: { scale: Number.POSITIVE_INFINITY, zeroPoint: 0 } }),
  "a scale that is no number": withTensor(0, { quant: { scale: Number.NaN, zeroPoint: 0 } }),
  "a reshape that changes the size": withTensor(1, { shape: [...valid.tensors[1].shape, 2] }),
  "a reshape that changes the scale": withTensor(1, { quant: { scale: 3, zeroPoint: 0 } }),
  "a narrower accumulator": withTensor(2, { range: { lo: 0, hi: 1 } }),
  "a wider accumulator": withTensor(2, {
    range: { lo: valid.tensors[2].range.lo - 1, hi: valid.tensors[2].range.hi },
  }),
  "a wrong accumulator shape": withTensor(2, { shape: [valid.tensors[2].shape[1] + 1] }),
  "a wider activation": withTensor(3, { range: { lo: -1000, hi: 1000 } }),
  "a wrong argmax range": withTensor(4, { range: { lo: 0, hi: 77 } }),
  "an operator that reads its own output": withOperator(1, { input: 2 }),
  "an operator that reads what does not exist": withOperator(1, { input: 99 }),
  "a weight that does not exist": withOperator(1, { weight: 9 }),
  "constants out of order": withOperator(1, { weight: 1, bias: 0 }),
  "an unused constant": { ...valid, constants: [...valid.constants, { ...weight, name: "spare" }] },
  "an operator whose output has another id": withOperator(1, { output: 3 }),
  "outputs twice": { ...valid, outputs: [4, 4] },
  "no outputs": { ...valid, outputs: [] },
  "an output that does not exist": { ...valid, outputs: [5] },
  "a tensor that nothing reads": { ...valid, outputs: [3] },
  "inputs out of order": { ...valid, inputs: [1] },
  "a negative shift": withOperator(2, { shift: -1 }),
  "an excessive shift": withOperator(2, { shift: 30 }),
  "another rounding": withOperator(2, { rounding: "half-even" }),
  "a domain that is not rounded outward": withOperator(2, clampOf({ lo: -1000, hi: 1023 })),
  "too large a domain": withOperator(2, clampOf({ lo: -(2 ** 16), hi: 2 ** 16 - 1 })),
  "a clamp that is no range": withOperator(2, {
    function: { domain: requantise.function.domain, map: { kind: "clamp", lo: 1, hi: 0 } },
  }),
  "too few values": withOperator(2, {
    function: { domain: requantise.function.domain, map: { kind: "values", values: new Int32Array(3) } },
  }),
  "a weight outside its range": withConstant({ data: weight.data.map(() => weight.range.hi + 1) }),
  "too little data": withConstant({ data: weight.data.slice(1) }),
  "a weight of three axes": withConstant({ shape: [1, ...weight.shape] }),
};

describe("validateProgram", () => {
  it("accepts the program that the cases below change", () => {
    validateProgram(valid);
  });

  for (const [what, program] of Object.entries(invalid)) {
    it(`rejects ${what}`, () => {
      expect(() => validateProgram(program)).toThrow(expect.objectContaining({ code: "program.invalid" }));
    });
  }

  it("rejects a domain that inputs can leave, naming the operator", () => {
    const narrow = withOperator(2, clampOf({ lo: 0, hi: 1 }));
    const tensors = narrow.tensors.map((tensor, id) =>
      id === 3 ? { ...tensor, range: { lo: 0, hi: 1 } } : tensor,
    );
    expect(() => validateProgram({ ...narrow, tensors })).toThrow(/operator "requantise 0".*does not cover/);
  });

  it("refuses accumulators that could wrap in the field, naming the operator and what to do", () => {
    const range = { lo: -(2 ** 29), hi: 2 ** 29 };
    const constants = valid.constants.map((constant, at) => (at === 0 ? { ...constant, range } : constant));
    expect(() => validateProgram({ ...valid, constants })).toThrow(
      expect.objectContaining({ code: "program.rangeTooLarge", where: 'operator "matmul 0"' }),
    );
  });

  it("refuses more inputs, operators and constants than can be planned", () => {
    const structure = (count: number) => ({
      version: 1 as const,
      name: "wide",
      mode: "pow2" as const,
      tensors: Array.from({ length: count }, (_, i) => ({
        name: `x ${i}`,
        shape: [],
        range: { lo: 0, hi: 1 },
        quant: { scale: 1, zeroPoint: 0 },
      })),
      constants: [],
      operators: [],
      inputs: Array.from({ length: count }, (_, i) => i),
      outputs: Array.from({ length: count }, (_, i) => i),
    });
    expect(() => validateStructure(structure(2 ** 13))).not.toThrow();
    expect(() => validateStructure(structure(2 ** 13 + 1))).toThrow(
      /8193 inputs, 0 operators and 0 constants; at most 8192/,
    );
  });
});
