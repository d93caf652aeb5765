/** Shapes that a review suspected: lengths of 1, aliases, one tensor read twice, constants, in batches. */
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { runProgram } from "../program/interpreter.ts";
import type { IntRange, Program, Rescale } from "../program/program.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { randomInput } from "../program/testing/randomProgram.ts";
import { NativeProver } from "./prover/nativeProver.ts";
import { setup } from "./prover/setup.ts";
import { MemorySlotCounter } from "./testing/memorySlotCounter.ts";
import { checkVerificationKey, verifyWithKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const BYTE: IntRange = { lo: -8, hi: 7 };

/** Proves a batch with data shown, committed and hidden; outputs that are shown are the interpreter's. */
function expectProven(program: Program, batch: number): void {
  const weights = program.constants.length === 0 ? "public" : "hidden";
  const { provingKey, verificationKey } = setup(kernels, program, { weights, proofs: 6, batch: 1 });
  const checked = checkVerificationKey(verificationKey);
  if (!checked.ok) throw new Error(`${checked.error.code}: ${checked.error.where}`);
  const prover = new NativeProver(kernels, provingKey, weights === "hidden" ? new MemorySlotCounter() : null);
  const inputs = program.inputs.map((_, i) => randomInput(program, batch, 7, i));
  const expected = runProgram(program, inputs, batch).outputs;
  for (const [input, output] of [
    ["private", "public"],
    ["public", "committed"],
    ["committed", "public"],
    ["public", "private"],
  ] as const) {
    const visibilities = { input, weights: weights === "hidden" ? "private" : "public", output } as const;
    const { proof, statement } = prover.prove({ inputs, batch, visibilities });
    expect(verifyWithKey(proof, checked.key)).toMatchObject({ ok: true });
    if (output === "public") expect(statement.outputs.map(({ values }) => values)).toEqual(expected);
  }
}

const clamp = { kind: "clamp", lo: -8, hi: 7 } as const;
const requantised = { kind: "requantise", shift: 3, rounding: "half-up" } as const;
const WIDE = { domain: { lo: -1024, hi: 1023 }, map: clamp } as const;
const numbers = (count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => ((i * 7) % 15) - 7);
const conv1 = { strides: [1], dilations: [1], padBegin: [0], padEnd: [0], groups: 1 };
const conv2 = { strides: [1, 1], dilations: [1, 1], padBegin: [1, 1], padEnd: [1, 1], groups: 1 };

function withOutputs(draft: ProgramDraft, outputs: readonly number[]): Program {
  return { ...draft.program(), outputs };
}

const CASES: Readonly<Record<string, () => Program>> = {
  "the larger of a stored value and a sum over one output": () => {
    const draft = new ProgramDraft();
    const left = draft.input([3, 1], BYTE);
    const other = draft.input([3, 4], BYTE);
    const weight = draft.constant([1, 4], BYTE, numbers(4));
    const sum = draft.add({ kind: "matmul", input: other, weight, bias: null });
    draft.add({ kind: "max", left, right: sum });
    return draft.program();
  },
  "the larger of a sum over one output and a stored value": () => {
    const draft = new ProgramDraft();
    const right = draft.input([3, 1], BYTE);
    const other = draft.input([3, 4], BYTE);
    const weight = draft.constant([1, 4], BYTE, numbers(4));
    const sum = draft.add({ kind: "matmul", input: other, weight, bias: null });
    draft.add({ kind: "max", left: sum, right });
    return draft.program();
  },
  "the larger of values of which one has lost an axis of length 1": () => {
    const draft = new ProgramDraft();
    const left = draft.input([3], BYTE);
    const other = draft.input([3, 4], BYTE);
    const weight = draft.constant([1, 4], BYTE, numbers(4));
    const sum = draft.add({ kind: "matmul", input: other, weight, bias: null });
    const flat = draft.add({ kind: "reshape", input: sum }, [3]);
    draft.add({ kind: "max", left, right: flat });
    return draft.program();
  },
  "the largest of a single score that is a sum": () => {
    const draft = new ProgramDraft();
    const input = draft.input([3, 4], BYTE);
    const weight = draft.constant([1, 4], BYTE, numbers(4));
    const sum = draft.add({ kind: "matmul", input, weight, bias: null });
    draft.add({ kind: "argmax", input: sum });
    return draft.program();
  },
  "an input that is an output and read under another shape": () => {
    const draft = new ProgramDraft();
    const input = draft.input([3, 5], BYTE);
    const flat = draft.add({ kind: "reshape", input }, [15]);
    const result = draft.add({ ...requantised, input: flat, function: WIDE });
    return withOutputs(draft, [input, result]);
  },
  "an input that is an output and nothing else": () => {
    const draft = new ProgramDraft();
    const input = draft.input([3, 5], BYTE);
    const result = draft.add({ ...requantised, input, function: WIDE });
    return withOutputs(draft, [result, input]);
  },
  "one tensor as several outputs": () => {
    const draft = new ProgramDraft();
    const input = draft.input([3, 5], BYTE);
    const flat = draft.add({ kind: "reshape", input }, [15]);
    const result = draft.add({ ...requantised, input: flat, function: WIDE });
    const square = draft.add({ kind: "reshape", input: result }, [5, 3]);
    const turned = draft.add({ kind: "transpose", input: square, permutation: [1, 0] });
    const sum = draft.add({ kind: "combine", inputs: [result, result], factors: [1, 1], offset: 1 });
    const again = draft.add({ kind: "reshape", input: sum }, [3, 5]);
    return withOutputs(draft, [result, square, turned, sum, again, flat]);
  },
  "one tensor twice in every operator": () => {
    const draft = new ProgramDraft();
    const input = draft.input([3, 5], BYTE);
    const square = draft.add({ kind: "multiply", left: input, right: input });
    const small = draft.add({ ...requantised, input: square, function: WIDE });
    const double = draft.add({ kind: "combine", inputs: [small, small], factors: [1, -1], offset: 3 });
    const same = draft.add({ kind: "max", left: double, right: double });
    const both = draft.add({ kind: "concat", inputs: [same, same], axis: 0 });
    draft.add({ kind: "multiply", left: both, right: both });
    return draft.program();
  },
  "a square plus its transpose": () => {
    const draft = new ProgramDraft();
    const input = draft.input([5, 5], BYTE);
    const turned = draft.add({ kind: "transpose", input, permutation: [1, 0] });
    const product = draft.add({ kind: "multiply", left: input, right: turned });
    const back = draft.add({ kind: "transpose", input: product, permutation: [1, 0] });
    const sum = draft.add({ kind: "combine", inputs: [product, back, input], factors: [1, 2, 3], offset: 0 });
    draft.add({ ...requantised, input: sum, function: WIDE });
    return draft.program();
  },
  "products of constants": () => {
    const draft = new ProgramDraft();
    const input = draft.input([3, 5], BYTE);
    const a = draft.add({ kind: "constant", constant: draft.constant([3, 5], BYTE, numbers(15)) });
    const b = draft.add({ kind: "constant", constant: draft.constant([3, 5], BYTE, numbers(15).reverse()) });
    const ab = draft.add({ kind: "multiply", left: a, right: b });
    const ax = draft.add({ kind: "multiply", left: a, right: input });
    const larger = draft.add({ kind: "max", left: b, right: input });
    const sum = draft.add({ kind: "combine", inputs: [ab, ax, larger], factors: [1, 1, 1], offset: 0 });
    draft.add({ ...requantised, input: sum, function: WIDE });
    return draft.program();
  },
  "a constant alone, shown and multiplied by weights": () => {
    const draft = new ProgramDraft();
    const input = draft.input([1], BYTE);
    const a = draft.add({ kind: "constant", constant: draft.constant([2, 3], BYTE, numbers(6)) });
    const weight = draft.constant([2, 3], BYTE, numbers(6).reverse());
    const sum = draft.add({ kind: "matmul", input: a, weight, bias: null });
    const largest = draft.add({ kind: "argmax", input: a });
    return withOutputs(draft, [input, a, sum, largest]);
  },
  "a kernel larger than its input": () => {
    const draft = new ProgramDraft();
    const input = draft.input([2, 1, 3], BYTE);
    const weight = draft.constant([4, 3, 3, 3], BYTE, numbers(108));
    const bias = draft.constant([4], BYTE, numbers(4));
    const sum = draft.add({ kind: "conv", input, weight, bias, ...conv2 });
    draft.add({ ...requantised, shift: 6, input: sum, function: WIDE });
    return draft.program();
  },
  "everything of length 1": () => {
    const draft = new ProgramDraft();
    const input = draft.input([1, 1, 1], BYTE);
    const weight = draft.constant([1, 3, 3, 1], BYTE, numbers(9));
    const bias = draft.constant([1], BYTE, numbers(1));
    const sum = draft.add({ kind: "conv", input, weight, bias, ...conv2 });
    const small = draft.add({ ...requantised, input: sum, function: WIDE });
    const window = { size: 3, stride: 1, padBegin: 1, padEnd: 1 };
    const pooled = draft.add({ kind: "windowSum", input: small, axis: 0, ...window });
    const wide = draft.add({
      kind: "take",
      input: pooled,
      axis: 1,
      indices: Int32Array.of(-1, 0, 0),
      fill: 4,
    });
    const one = draft.add({ kind: "take", input: wide, axis: 1, indices: Int32Array.of(-1), fill: 5 });
    const sums = draft.add({ kind: "combine", inputs: [one, small, one], factors: [1, 2, 3], offset: -1 });
    const largest = draft.add({ kind: "argmax", input: sums });
    return withOutputs(draft, [wide, sums, largest]);
  },
  "padding by a constant of a shifted tensor": () => {
    const draft = new ProgramDraft();
    const input = draft.input([3, 5], BYTE);
    const shifted = draft.add({ kind: "combine", inputs: [input], factors: [2], offset: 3 });
    const padded = draft.add({
      kind: "take",
      input: shifted,
      axis: 1,
      indices: Int32Array.of(-1, 4, 4, 0, -1),
      fill: -9,
    });
    const sums = draft.add({
      kind: "windowSum",
      input: padded,
      axis: 1,
      size: 3,
      stride: 2,
      padBegin: 1,
      padEnd: 2,
    });
    const again = draft.add({
      kind: "take",
      input: sums,
      axis: 0,
      indices: Int32Array.of(2, -1, 0),
      fill: 1,
    });
    draft.add({ ...requantised, input: again, function: WIDE });
    return draft.program();
  },
  "groups with several outputs each": () => {
    const draft = new ProgramDraft();
    const input = draft.input([5, 3], BYTE);
    const first = draft.constant([6, 2, 1], BYTE, numbers(12));
    const deep = draft.add({ kind: "conv", input, weight: first, bias: null, ...conv1, groups: 3 });
    const small = draft.add({ ...requantised, input: deep, function: WIDE });
    const second = draft.constant([4, 2, 3], BYTE, numbers(24));
    const bias = draft.constant([4], BYTE, numbers(4));
    const sum = draft.add({ kind: "conv", input: small, weight: second, bias, ...conv1, groups: 2 });
    draft.add({ ...requantised, input: sum, function: WIDE });
    return draft.program();
  },
  "rescalings by channel of one channel, and of merged channels": () => {
    const draft = new ProgramDraft();
    const input = draft.input([4, 6], { lo: -1000, hi: 1000 });
    const rounding = { kind: "rescale", rounding: "tflite-double", zeroPoint: 1, lo: -8, hi: 7 } as const;
    const multiplier = (i: number): Rescale["multipliers"][number] => ({
      multiplier: 2 ** 30 + i,
      shift: -3 - (i % 4),
    });
    const merged = draft.add({ kind: "reshape", input }, [24]);
    const all = Array.from({ length: 24 }, (_, i) => multiplier(i));
    const a = draft.add({ ...rounding, input: merged, multipliers: all });
    const single = draft.add({ kind: "reshape", input: a }, [24, 1]);
    const b = draft.add({ ...rounding, input: single, multipliers: [multiplier(0)] });
    const back = draft.add({ kind: "reshape", input: b }, [4, 6]);
    const turned = draft.add({ kind: "transpose", input: back, permutation: [1, 0] });
    draft.add({ ...rounding, input: turned, multipliers: all.slice(0, 4) });
    return draft.program();
  },
};

describe.each(Object.entries(CASES))("%s", (_, make) => {
  it.each([1, 3])("is proven in a batch of %i", (batch) => {
    expectProven(make(), batch);
  });
});
