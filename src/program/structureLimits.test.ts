/** Each rule of a program's form at its limit: the last value that it allows, and the first that it refuses by name. */
import { describe, expect, it } from "vitest";
import type { Program, ProgramTensor } from "./program.ts";
import { ProgramDraft } from "./testing/programDraft.ts";
import { validateStructure } from "./validateStructure.ts";

/** Two inputs of one axis, a weight, and what both are used for. */
function valid(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([1, 2], { lo: 0, hi: 3 });
  const y = draft.input([1, 1], { lo: 0, hi: 3 });
  const weight = draft.constant([1, 2], { lo: -1, hi: 1 }, Int32Array.of(1, -1));
  const sum = draft.add({ kind: "matmul", input: x, weight, bias: null });
  draft.add({ kind: "combine", inputs: [sum, y], factors: [1, 1], offset: 0 });
  return draft.program();
}

const program = valid();

function withInput(change: Partial<ProgramTensor>): Program {
  const tensors = program.tensors.map((tensor, id) => (id === 0 ? { ...tensor, ...change } : tensor));
  return { ...program, tensors };
}

function withMatMul(change: object): Program {
  const operators = program.operators.map((own, i) => (i === 0 ? { ...own, ...change } : own));
  return { ...program, operators: operators as Program["operators"] };
}

/** One input, flattened. */
function reshaped(shape: readonly number[]): Program {
  const draft = new ProgramDraft();
  const size = shape.reduce((product, n) => product * n, 1);
  draft.add({ kind: "reshape", input: draft.input(shape, { lo: 0, hi: 1 }) }, [size]);
  return draft.program();
}

const [tensor] = program.tensors;
const { quant, range } = tensor;

describe("a program's form", () => {
  it.each([
    ["unchanged", program],
    ["a name of 1024 characters", withInput({ name: "n".repeat(1024) })],
    ["eight axes", reshaped([2, 1, 1, 1, 1, 1, 1, 2])],
    ["2^30 elements", reshaped([2 ** 15, 2 ** 15])],
    ["a zero point at the end of 32 bits", withInput({ quant: { ...quant, zeroPoint: -(2 ** 31 - 1) } })],
  ])("may be %s", (_, allowed) => {
    expect(() => validateStructure(allowed)).not.toThrow();
  });

  it.each([
    ["a name of 1025 characters", withInput({ name: "n".repeat(1025) }), /names are 1 to 1024/],
    ["a lower end that is no integer", withInput({ range: { ...range, lo: -0.5 } }), /is not a range of/],
    ["an upper end that is no integer", withInput({ range: { ...range, hi: 2.5 } }), /is not a range of/],
    ["a range of 33 bits", withInput({ range: { ...range, hi: 2 ** 31 } }), /is not a range of/],
    ["no finite scale", withInput({ quant: { ...quant, scale: Number.POSITIVE_INFINITY } }), /finite scale/],
    ["no number as scale", withInput({ quant: { ...quant, scale: Number.NaN } }), /finite scale/],
    ["a zero point that is no integer", withInput({ quant: { ...quant, zeroPoint: 0.5 } }), /as zero point/],
    ["a zero point of 33 bits", withInput({ quant: { ...quant, zeroPoint: 2 ** 31 } }), /as zero point/],
    ["nine axes", withInput({ shape: [1, 1, 1, 1, 1, 1, 1, 1, 2] }), /\[1,1,1,1,1,1,1,1,2\]/],
    ["more than 2^30 elements", withInput({ shape: [2 ** 15, 2 ** 15, 2] }), /\[32768,32768,2\]/],
    ["no inputs", { ...program, inputs: [] }, /the ids 0, 1, … of at least one tensor/],
    ["inputs in another order", { ...program, inputs: [1, 0] }, /the ids 0, 1, …/],
    [
      "a tensor too many",
      { ...program, tensors: [...program.tensors, { ...tensor, name: "t" }] },
      /one per input/,
    ],
    ["another output", withMatMul({ output: 3 }), /expected output 2, got 3/],
    ["half a constant", withMatMul({ weight: 0.5 }), /constant 0.5 does not exist/],
    ["no constant, but NaN", withMatMul({ weight: Number.NaN }), /constant NaN does not exist/],
    ["a constant before the first", withMatMul({ weight: -1 }), /constant -1 does not exist/],
    ["a constant behind the last", { ...program, constants: [] }, /constant 0 does not exist/],
    ["a constant out of order", withMatMul({ weight: 1 }), /constant 1 does not exist/],
    ["no outputs", { ...program, outputs: [] }, /outputs/],
    ["half an output", { ...program, outputs: [2.5] }, /outputs/],
    ["an unknown mode", { ...program, mode: "float" as Program["mode"] }, /mode/],
  ])("may not be %s", (_, refused, message) => {
    expect(() => validateStructure(refused)).toThrow(
      expect.objectContaining({ code: "program.invalid", message: expect.stringMatching(message) }),
    );
  });
});
