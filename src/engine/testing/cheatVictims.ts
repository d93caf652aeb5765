/** Programs whose proofs the cheat suite attacks: together they hold every operator. */
import type { Program, Rounding } from "../../program/program.ts";
import { ProgramDraft } from "../../program/testing/programDraft.ts";
import { denseProgram, seededIntegers } from "./denseProgram.ts";
import { gatherByLayer } from "./gatherByLayer.ts";

const SMALL = { lo: -8, hi: 7 };
const BIAS = { lo: -64, hi: 63 };
const DOMAIN = { lo: -1024, hi: 1023 };

function constant(draft: ProgramDraft, shape: readonly number[], seed: number, range = SMALL): number {
  const size = shape.reduce((product, length) => product * length, 1);
  return draft.constant(shape, range, seededIntegers(seed, size, range.lo, range.hi));
}

function requantise(draft: ProgramDraft, input: number, shift: number): number {
  const f = { domain: DOMAIN, map: { kind: "clamp", lo: -16, hi: 15 } } as const;
  return draft.add({ kind: "requantise", input, shift, rounding: "half-up", function: f });
}

/** A multiplier of 1/4, for which the two roundings of TFLite differ at every fourth sum. */
const QUARTER = { multiplier: 2 ** 30, shift: -1 };

function rescale(
  draft: ProgramDraft,
  input: number,
  multipliers: readonly { multiplier: number; shift: number }[],
): number {
  const rounding: Rounding = "tflite-double";
  return draft.add({ kind: "rescale", input, rounding, multipliers, zeroPoint: 1, lo: -40, hi: 40 });
}

/** Convolutions with padding and strides, then one channel by channel; a multiplier for each channel. */
function convolutional(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([5, 4, 2], SMALL);
  const first = draft.add({
    kind: "conv",
    input: x,
    weight: constant(draft, [4, 3, 2, 2], 11),
    bias: constant(draft, [4], 12, BIAS),
    strides: [2, 1],
    dilations: [1, 1],
    padBegin: [1, 1],
    padEnd: [1, 0],
    groups: 1,
  });
  const scales = [2 ** 30, 1.25 * 2 ** 30, 1.5 * 2 ** 30, 1.75 * 2 ** 30];
  const scaled = rescale(
    draft,
    first,
    scales.map((multiplier) => ({ multiplier, shift: -1 })),
  );
  const depthwise = draft.add({
    kind: "conv",
    input: scaled,
    weight: constant(draft, [4, 2, 2, 1], 13),
    bias: null,
    strides: [1, 1],
    dilations: [1, 1],
    padBegin: [0, 0],
    padEnd: [0, 0],
    groups: 4,
  });
  requantise(draft, depthwise, 3);
  return draft.program("convolutional");
}

/** Sums, products and maxima of two inputs, element by element. */
function elementwise(): Program {
  const draft = new ProgramDraft();
  const a = draft.input([3, 5], SMALL);
  const b = draft.input([3, 5], SMALL);
  const product = draft.add({ kind: "multiply", left: a, right: b });
  const scaled = rescale(draft, product, [QUARTER]);
  const sum = draft.add({ kind: "combine", inputs: [a, b], factors: [3, -2], offset: 5 });
  draft.add({ kind: "max", left: scaled, right: sum });
  return draft.program("elementwise");
}

/** Quotients of which multiples are shown: a large y whose twelvefold is small mod p looks like one of them. */
function divided(): Program {
  const draft = new ProgramDraft();
  const numerator = draft.input([5, 7], { lo: -90, hi: 90 });
  const denominator = draft.input([5, 7], { lo: 1, hi: 24 });
  const quotient = draft.add({ kind: "divide", numerator, denominator });
  draft.add({ kind: "combine", inputs: [quotient], factors: [12], offset: 0 });
  return draft.program("divided");
}

/** What only moves, repeats or adds up elements, once before values that are stored and once as an output. */
function wiring(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([4, 6], SMALL);
  const taken = draft.add({
    kind: "take",
    input: x,
    axis: 0,
    indices: Int32Array.of(3, -1, 0, 1, 1),
    fill: 9,
  });
  const turned = draft.add({ kind: "transpose", input: taken, permutation: [1, 0] });
  const fixed = draft.add({ kind: "constant", constant: constant(draft, [6, 2], 21) });
  const joined = draft.add({ kind: "concat", inputs: [turned, fixed, turned], axis: 1 });
  const summed = draft.add({
    kind: "windowSum",
    input: joined,
    axis: 0,
    size: 3,
    stride: 1,
    padBegin: 1,
    padEnd: 1,
  });
  const stored = requantise(draft, summed, 1);
  draft.add({ kind: "combine", inputs: [stored, joined], factors: [2, 7], offset: -3 });
  return draft.program("wiring");
}

/** Accumulators that are read elsewhere than in place, so that they are stored and proven equal to their layer. */
function stored(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([3, 5], SMALL);
  const acc = draft.add({ kind: "matmul", input: x, weight: constant(draft, [4, 5], 31), bias: null });
  const sums = draft.add({
    kind: "windowSum",
    input: acc,
    axis: 0,
    size: 2,
    stride: 1,
    padBegin: 0,
    padEnd: 0,
  });
  requantise(draft, sums, 5);
  return draft.program("stored accumulators");
}

/** One layer's accumulators, read as they are and transposed: two readings of equal shape, in lookups and in a sum. */
function twice(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([4, 3], SMALL);
  const acc = draft.add({ kind: "matmul", input: x, weight: constant(draft, [4, 3], 41), bias: null });
  requantise(draft, acc, 4);
  const turned = draft.add({ kind: "transpose", input: acc, permutation: [1, 0] });
  requantise(draft, turned, 4);
  draft.add({ kind: "combine", inputs: [acc, turned], factors: [1, -2], offset: 0 });
  return draft.program("read twice");
}

/** Products of two inputs, matrix by matrix, as they are and after a requantisation. */
function matrices(): Program {
  const draft = new ProgramDraft();
  const left = draft.input([2, 3, 5], SMALL);
  const right = draft.input([2, 4, 5], SMALL);
  const products = draft.add({ kind: "batchMatMul", left, right });
  requantise(draft, products, 4);
  draft.add({ kind: "batchMatMul", left, right: left });
  return draft.program("matrices");
}

/** Two activations of one input: rectified after two bits, the absolute value after three. */
function activated(): Program {
  const draft = new ProgramDraft();
  const input = draft.input([4, 6], { lo: -64, hi: 61 });
  const domain = { lo: -16, hi: 15 };
  const absolute = Int32Array.from({ length: 32 }, (_, i) => Math.abs(domain.lo + i));
  const rounding = "half-up";
  const rectified = { domain, map: { kind: "clamp", lo: 0, hi: 15 } } as const;
  draft.add({ kind: "requantise", input, shift: 2, rounding, function: rectified });
  const folded = { domain, map: { kind: "values", values: absolute } } as const;
  draft.add({ kind: "requantise", input, shift: 3, rounding, function: folded });
  return draft.program("activated");
}

/** Entries chosen by data: of a constant, and row by row of an input. */
function gathered(): Program {
  const draft = new ProgramDraft();
  const rows = draft.input([3, 4, 2], SMALL);
  const index = draft.input([3, 5], { lo: 0, hi: 3 });
  const table = draft.add({ kind: "constant", constant: constant(draft, [6, 3], 51) });
  draft.add({ kind: "gather", table, index, batchAxes: 0 });
  draft.add({ kind: "gather", table: rows, index, batchAxes: 1 });
  return draft.program("gathered");
}

const DENSE = { input: 11, hidden: 7, output: 5 };

export type VictimName =
  | "dense"
  | "argmax"
  | "convolutional"
  | "elementwise"
  | "divided"
  | "wiring"
  | "stored"
  | "twice"
  | "matrices"
  | "gathered"
  | "activated"
  | "gatheredBySums";

export const VICTIMS: Readonly<Record<VictimName, () => Program>> = {
  dense: (): Program => denseProgram(DENSE),
  argmax: (): Program => denseProgram({ ...DENSE, argmax: true }),
  convolutional,
  elementwise,
  divided,
  wiring,
  stored,
  twice,
  matrices,
  gathered,
  activated,
  gatheredBySums: (): Program => gatherByLayer(2, 3),
};

/** Inputs of the run that is attacked, anywhere in their ranges. */
export function victimInputs(program: Program): Int32Array[] {
  return program.inputs.map((id, i) => {
    const { shape, range } = program.tensors[id];
    const size = shape.reduce((product, length) => product * length, 1);
    return seededIntegers(4 + i, size, range.lo, range.hi);
  });
}
