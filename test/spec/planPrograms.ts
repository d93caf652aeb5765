/** Tiny programs whose plans the specification lists. Between them they have every operator and every way of reading one. */
import type { Program } from "../../src/program/program.ts";
import { ProgramDraft } from "../../src/program/testing/programDraft.ts";
import type { Visibilities } from "../../src/relations/visibility.ts";

export interface PlanCase {
  readonly name: string;
  readonly program: Program;
  readonly visibilities: Visibilities;
  readonly batch: number;
}

/** Small integers that differ; nothing depends on which. */
function integers(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => ((5 * i + 3) % 11) - 5);
}

const WEIGHT = { lo: -5, hi: 5 };

/** 2 - 3 - 2 with ReLU. */
export function dense(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([2], { lo: 0, hi: 15 });
  const w1 = draft.constant([3, 2], WEIGHT, integers(6));
  const b1 = draft.constant([3], { lo: -20, hi: 19 }, Int32Array.of(7, -20, 3));
  const sums = draft.add({ kind: "matmul", input: x, weight: w1, bias: b1 });
  const relu = { domain: { lo: -64, hi: 63 }, map: { kind: "clamp", lo: 0, hi: 15 } } as const;
  const y = draft.add({ kind: "requantise", input: sums, shift: 2, rounding: "half-up", function: relu });
  const w2 = draft.constant([2, 3], WEIGHT, integers(6));
  draft.add({ kind: "matmul", input: y, weight: w2, bias: null });
  return draft.program("dense");
}

/** Padded and grouped convolutions, rescaling per channel, a window sum, a dense layer, argmax. */
function convolution(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([5, 4, 2], { lo: -8, hi: 7 });
  const weight = draft.constant([3, 3, 2, 2], WEIGHT, integers(36));
  const conv = draft.add({
    kind: "conv",
    input: x,
    weight,
    bias: null,
    strides: [2, 1],
    dilations: [1, 2],
    padBegin: [1, 0],
    padEnd: [1, 1],
    groups: 1,
  });
  const multipliers = [3, 4, 5].map((m) => ({ multiplier: m * 2 ** 28, shift: -4 }));
  const scaled = draft.add({
    kind: "rescale",
    input: conv,
    rounding: "tflite-double",
    multipliers,
    zeroPoint: 1,
    lo: -8,
    hi: 7,
  });
  const depthwise = draft.add({
    kind: "conv",
    input: scaled,
    weight: draft.constant([3, 2, 2, 1], WEIGHT, integers(12)),
    bias: draft.constant([3], { lo: -9, hi: 9 }, integers(3)),
    strides: [1, 1],
    dilations: [1, 1],
    padBegin: [0, 0],
    padEnd: [0, 0],
    groups: 3,
  });
  const pooled = draft.add({
    kind: "windowSum",
    input: depthwise,
    axis: 0,
    size: 2,
    stride: 1,
    padBegin: 0,
    padEnd: 0,
  });
  const flat = draft.add({ kind: "reshape", input: pooled }, [6]);
  const head = draft.constant([3, 6], WEIGHT, integers(18));
  const scores = draft.add({ kind: "matmul", input: flat, weight: head, bias: null });
  draft.add({ kind: "argmax", input: scores });
  return draft.program("convolution");
}

/** Everything else: readings with fills and constants, products, quotients, maxima, choices, shapes that cut anywhere. */
function mixed(): Program {
  const draft = new ProgramDraft();
  const a = draft.input([3, 4], { lo: -8, hi: 7 });
  const b = draft.input([12], { lo: 1, hi: 9 });
  const c = draft.add({ kind: "constant", constant: draft.constant([4, 3], WEIGHT, integers(12)) });
  const turned = draft.add({ kind: "transpose", input: a, permutation: [1, 0] });
  const summed = draft.add({ kind: "combine", inputs: [turned, c], factors: [2, -1], offset: 3 });
  const taken = draft.add({
    kind: "take",
    input: summed,
    axis: 0,
    indices: Int32Array.of(3, -1, 0, 0, 2),
    fill: 6,
  });
  const joined = draft.add({ kind: "concat", inputs: [taken, turned], axis: 0 });
  const square = draft.add({ kind: "batchMatMul", left: joined, right: turned });
  const column = draft.add({ kind: "reshape", input: b }, [3, 4]);
  const product = draft.add({ kind: "multiply", left: a, right: column });
  const quotient = draft.add({ kind: "divide", numerator: product, denominator: column });
  const largest = draft.add({ kind: "max", left: quotient, right: a });
  const cut = draft.add({ kind: "reshape", input: largest }, [2, 6]);
  const index = draft.add({ kind: "argmax", input: cut });
  const table = draft.add({ kind: "reshape", input: square }, [6, 6]);
  draft.add({ kind: "gather", table, index, batchAxes: 0 });
  return draft.program("mixed");
}

/** Lookups that are cut into aligned slices along two axes. */
function sliced(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([100, 96], { lo: 0, hi: 15 });
  const y = draft.input([100, 96], { lo: 0, hi: 15 });
  const shares = draft.add({ kind: "multiply", left: x, right: y });
  const f = { domain: { lo: 0, hi: 63 }, map: { kind: "clamp", lo: 1, hi: 40 } } as const;
  draft.add({ kind: "requantise", input: shares, shift: 2, rounding: "half-up", function: f });
  return draft.program("sliced");
}

export function planCases(): PlanCase[] {
  return [
    {
      name: "dense",
      program: dense(),
      visibilities: { input: "private", weights: "private", output: "public" },
      batch: 1,
    },
    {
      name: "convolution",
      program: convolution(),
      visibilities: { input: "committed", weights: "private", output: "public" },
      batch: 3,
    },
    {
      name: "mixed",
      program: mixed(),
      visibilities: { input: "public", weights: "public", output: "committed" },
      batch: 2,
    },
    {
      name: "sliced",
      program: sliced(),
      visibilities: { input: "private", weights: "public", output: "private" },
      batch: 1,
    },
  ];
}
