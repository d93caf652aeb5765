import { describe, expect, it } from "vitest";
import { activeRanges } from "./activeRanges.ts";
import { runProgram } from "./interpreter.ts";
import { uniformInterval } from "./interval.ts";
import { hullOf, rangeContains } from "./intRange.ts";
import type { Take } from "./program.ts";
import { takeInterval } from "./structuralInterval.ts";
import { ProgramDraft } from "./testing/programDraft.ts";
import { randomInput } from "./testing/randomProgram.ts";

describe("activeRanges", () => {
  it("are exact for a convolution without padding", () => {
    const draft = new ProgramDraft();
    const input = draft.input([4, 2], { lo: -1, hi: 3 });
    const weight = draft.constant([2, 1, 2], { lo: -9, hi: 9 }, Int32Array.of(2, -5, 1, 4));
    const bias = draft.constant([2], { lo: -9, hi: 9 }, Int32Array.of(7, 0));
    const plain = { strides: [1], dilations: [1], padBegin: [0], padEnd: [0], groups: 1 };
    const output = draft.add({ kind: "conv", input, weight, bias, ...plain });
    // Channel 0: 7 + 2x − 5y from 7 − 2 − 15 to 7 + 6 + 5; channel 1: x + 4y from −5 to 15.
    expect(activeRanges(draft.program()).tensors[output]).toEqual({ lo: -10, hi: 18 });
  });

  it("know that padding is 0", () => {
    const draft = new ProgramDraft();
    const input = draft.input([4, 1], { lo: 2, hi: 3 });
    const weight = draft.constant([1, 2, 1], { lo: -9, hi: 9 }, Int32Array.of(2, -1));
    const padded = { strides: [1], dilations: [1], padBegin: [1], padEnd: [0], groups: 1 };
    const output = draft.add({ kind: "conv", input, weight, bias: null, ...padded });
    expect(activeRanges(draft.program()).tensors[output]).toEqual({ lo: -3, hi: 6 });
  });

  it("follow elements of small tensors through all that moves them", () => {
    const draft = new ProgramDraft();
    const input = draft.input([2, 3], { lo: -1, hi: 1 });
    const values = Int32Array.of(1, 10, 100, -1, -10, -100);
    const constant = draft.add({
      kind: "constant",
      constant: draft.constant([2, 3], { lo: -200, hi: 200 }, values),
    });
    const sum = draft.add({ kind: "combine", inputs: [input, constant], factors: [1, 1], offset: 0 });
    const turned = draft.add({ kind: "transpose", input: sum, permutation: [1, 0] });
    const taken = draft.add({ kind: "take", input: turned, axis: 0, indices: Int32Array.of(1, -1), fill: 5 });
    const product = draft.add({ kind: "multiply", left: taken, right: taken });
    expect(activeRanges(draft.program()).tensors.slice(sum)).toEqual([
      { lo: -101, hi: 101 },
      { lo: -101, hi: 101 },
      // Of rows (9 … 11, −11 … −9) and (5, 5).
      { lo: -11, hi: 11 },
      { lo: 25, hi: 121 },
    ]);
    expect(product).toBe(taken + 1);
  });

  it("hold for tensors too large to tell elements apart", () => {
    const draft = new ProgramDraft();
    const input = draft.input([200, 180, 3], { lo: 1, hi: 9 });
    const weight = draft.constant([3, 1, 1, 3], { lo: -9, hi: 9 }, Int32Array.of(1, 0, 0, 0, -3, 0, 0, 0, 5));
    const plain = { strides: [1, 1], dilations: [1, 1], padBegin: [0, 0], padEnd: [0, 0], groups: 1 };
    const channels = draft.add({ kind: "conv", input, weight, bias: null, ...plain });
    const rows = Int32Array.from({ length: 202 }, (_, row) => (row === 0 || row === 201 ? -1 : row - 1));
    const padded = draft.add({ kind: "take", input: channels, axis: 0, indices: rows, fill: -2 });
    const summed = draft.add({
      kind: "windowSum",
      input: padded,
      axis: 1,
      size: 2,
      stride: 1,
      padBegin: 1,
      padEnd: 0,
    });
    const last = draft.add({
      kind: "take",
      input: summed,
      axis: 2,
      indices: Int32Array.of(2, -1, 1),
      fill: 1,
    });
    const joined = draft.add({ kind: "concat", inputs: [last, summed], axis: 2 });
    const turned = draft.add({ kind: "transpose", input: joined, permutation: [1, 0, 2] });
    draft.add({ kind: "transpose", input: turned, permutation: [2, 0, 1] });
    const program = draft.program();
    const active = activeRanges(program).tensors;
    const run = runProgram(program, [randomInput(program, 1, 3)], 1);
    run.tensors.forEach((tensor, id) => {
      let reached = { lo: tensor[0], hi: tensor[0] };
      for (const value of tensor) reached = hullOf([reached, { lo: value, hi: value }]);
      expect(rangeContains(active[id], reached)).toBe(true);
      expect(rangeContains(program.tensors[id].range, active[id])).toBe(true);
    });
    // Bounds by row would have to be told apart along the whole tensor; bounds by channel repeat.
    const { operators, tensors } = program;
    const take = operators[padded - 1] as Take;
    const bounds = takeInterval(
      uniformInterval({ lo: 1, hi: 9 }, 1),
      take,
      tensors[0].shape,
      tensors[padded].shape,
    );
    expect(bounds).toEqual(uniformInterval({ lo: -2, hi: 9 }, 3));
    // Channel by channel, so narrower than declared: channel 1 alone is negative, but for the fill.
    expect(active[padded]).toEqual({ lo: -27, hi: 45 });
    expect(active[summed]).toEqual({ lo: -54, hi: 90 });
    expect(active[turned]).toEqual({ lo: -54, hi: 90 });
  });
});
