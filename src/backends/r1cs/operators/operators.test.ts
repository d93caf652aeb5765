import { describe, expect, it } from "vitest";
import { roundRangeOutward } from "../../../program/intRange.ts";
import type { IntRange, Multiplier, Program, Rounding } from "../../../program/program.ts";
import { type OperatorBody, ProgramDraft } from "../../../program/testing/programDraft.ts";
import { validateProgram } from "../../../program/validate.ts";
import { compileR1cs } from "../r1csCircuit.ts";
import { attackProgram } from "../testing/attack.ts";
import { brokenConstraint } from "../testing/readR1cs.ts";
import { ALL_PUBLIC, circuitRunner } from "../testing/runCircuit.ts";

/** A program of one operator on inputs of these ranges and of this shape. */
function single(ranges: readonly IntRange[], body: OperatorBody, shape: readonly number[] = [1]): Program {
  const draft = new ProgramDraft();
  for (const range of ranges) draft.input(shape, range);
  draft.add(body);
  const program = draft.program();
  validateProgram(program);
  return program;
}

/** Constraints of the operator alone: without the outputs' own and the digest's. */
function constraintsOf(program: Program): number {
  const outputs = program.outputs.length;
  return compileR1cs(program, ALL_PUBLIC, 1).size.constraints - outputs - 1;
}

function relu(range: IntRange, shift: number, to: IntRange): Program {
  const half = shift === 0 ? 0 : 2 ** (shift - 1);
  const divide = (x: number): number => Math.floor((x + half) / 2 ** shift);
  const domain = roundRangeOutward({ lo: divide(range.lo), hi: divide(range.hi) });
  const f = { domain, map: { kind: "clamp", ...to } } as const;
  return single([range], { kind: "requantise", input: 0, shift, rounding: "half-up", function: f });
}

function table(range: IntRange): Program {
  const domain = roundRangeOutward(range);
  const values = Int32Array.from({ length: domain.hi - domain.lo + 1 }, (_, i) => (i * i * 7) % 91);
  const f = { domain, map: { kind: "values", values } } as const;
  return single([range], { kind: "requantise", input: 0, shift: 0, rounding: "half-up", function: f });
}

function rescale(range: IntRange, rounding: Rounding, multiplier: Multiplier): Program {
  return single([range], {
    kind: "rescale",
    input: 0,
    rounding,
    multipliers: [multiplier],
    zeroPoint: 3,
    lo: -128,
    hi: 127,
  });
}

const BYTE = { lo: -128, hi: 127 };

/** Every value near one of these, and every one of a few steps between the bounds. */
function samples({ lo, hi }: IntRange): number[] {
  const step = Math.max(1, Math.floor((hi - lo) / 37));
  const values = [lo, lo + 1, -2, -1, 0, 1, 2, hi - 1, hi];
  for (let x = lo; x <= hi; x += step) values.push(x);
  return values.filter((x) => x >= lo && x <= hi);
}

function expectExact(program: Program): void {
  const ranges = program.inputs.map((id) => program.tensors[id].range);
  const rows = samples(ranges[0]).map((x, i) => [x, ...ranges.slice(1).map((r) => samples(r)[(7 * i) % 9])]);
  const run = circuitRunner(program, ALL_PUBLIC, 1);
  for (const row of rows) {
    const { r1cs, values } = run(row.map((x) => Int32Array.of(x)));
    expect(brokenConstraint(r1cs, values)).toBeNull();
  }
}

function expectSound(program: Program, inputs: readonly number[][]): void {
  const outcome = attackProgram({ program, inputs: inputs.map((row) => Int32Array.from(row)) });
  expect(outcome.forged).toEqual([]);
  expect(outcome.refused).toBeGreaterThan(outcome.harmless);
}

describe("requantise", () => {
  it("proves ReLU of 28 bits with 29 constraints", () => {
    // Rounding adds half a step, which must not carry into a 29th bit.
    const range = { lo: -(2 ** 27), hi: 2 ** 27 - 1 - 2 ** 13 };
    expect(constraintsOf(relu(range, 14, { lo: 0, hi: 2 ** 20 }))).toBe(29);
  });

  it("is exact and sound", () => {
    for (const program of [
      relu({ lo: -500, hi: 700 }, 3, { lo: 0, hi: 1000 }),
      relu({ lo: -500, hi: 700 }, 2, { lo: -31, hi: 90 }),
      relu({ lo: 3, hi: 700 }, 2, { lo: 0, hi: 90 }),
      relu({ lo: -500, hi: 700 }, 0, { lo: 0, hi: 63 }),
      relu({ lo: -500, hi: 700 }, 3, { lo: -1000, hi: 1000 }),
      table({ lo: -100, hi: 80 }),
      table({ lo: 0, hi: 200 }),
    ]) {
      expectExact(program);
      for (const x of [3, 81]) if (x <= program.tensors[0].range.hi) expectSound(program, [[x]]);
    }
  });

  it("reads a table of 2^n rows with about 3 · 2^(n/2) constraints", () => {
    // Bits, then products of subsets of four bits twice, fifteen products of halves and the wire itself.
    expect(constraintsOf(table({ lo: 0, hi: 255 }))).toBe(8 + 2 * 11 + 15 + 1);
  });
});

describe("rescale", () => {
  const cases: readonly [Rounding, Multiplier][] = [
    ["tflite-single", { multiplier: 1518500249, shift: -7 }],
    ["tflite-double", { multiplier: 1518500249, shift: -7 }],
    ["tflite-double", { multiplier: 1073741824, shift: 1 }],
    ["float-half-even", { multiplier: Math.fround(0.0078125), shift: 0 }],
    ["float-half-even", { multiplier: Math.fround(0.0314159), shift: 0 }],
    ["divide-half-away", { multiplier: 6, shift: 0 }],
    ["divide-half-away", { multiplier: 49, shift: 0 }],
  ];
  for (const [rounding, multiplier] of cases) {
    it(`is exact and sound: ${rounding} ${multiplier.multiplier} ${multiplier.shift}`, () => {
      for (const range of [
        { lo: -5000, hi: 6000 },
        { lo: -90, hi: 120 },
        { lo: 200, hi: 3000 },
      ]) {
        const program = rescale(range, rounding, multiplier);
        expectExact(program);
        expectSound(program, [[range.hi - 31]]);
      }
    });
  }

  it("takes thresholds from a table where no line has them", () => {
    // Ties of 1/2 go to even numbers, so that steps are one and three apart.
    const range = { lo: -200, hi: 200 };
    const uneven = rescale(range, "float-half-even", { multiplier: 0.5, shift: 0 });
    const even = rescale(range, "divide-half-away", { multiplier: 2, shift: 0 });
    expectExact(uneven);
    expectSound(uneven, [[77]]);
    expect(constraintsOf(uneven)).toBeGreaterThan(3 * constraintsOf(even));
  });
});

describe("operators of two tensors", () => {
  it("divide", () => {
    const program = single(
      [
        { lo: -300, hi: 500 },
        { lo: 1, hi: 20 },
      ],
      {
        kind: "divide",
        numerator: 0,
        denominator: 1,
      },
    );
    expectExact(program);
    expectSound(program, [[-37], [5]]);
    expectSound(program, [[400], [20]]);
  });

  it("max", () => {
    const program = single([BYTE, { lo: 0, hi: 255 }], { kind: "max", left: 0, right: 1 });
    expectExact(program);
    expectSound(program, [[100], [99]]);
    expectSound(program, [[-4], [200]]);
    // 10 bits of the difference of two bytes, one to choose.
    expect(constraintsOf(program)).toBe(11);
  });

  it("multiply", () => {
    const program = single([BYTE, BYTE], { kind: "multiply", left: 0, right: 1 });
    expectExact(program);
    expectSound(program, [[100], [-99]]);
  });

  it("argmax takes the first of equals", () => {
    const program = single([BYTE], { kind: "argmax", input: 0 }, [5]);
    for (const row of [
      [3, 9, 9, -4, 9],
      [5, 5, 5, 5, 5],
      [-3, -2, -1, 0, 1],
    ])
      expectSound(program, [row]);
    // Four comparisons of nine bits, three choices of a value and three of a place: the first place is linear.
    expect(constraintsOf(program)).toBe(4 * 9 + 3 + 3);
  });

  it("gather", () => {
    const draft = new ProgramDraft();
    draft.input([4, 2], BYTE);
    draft.input([3], { lo: 0, hi: 3 });
    draft.add({ kind: "gather", table: 0, index: 1, batchAxes: 0 });
    expectSound(draft.program(), [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [2, 0, 3],
    ]);
  });
});

describe("sums", () => {
  it("cost nothing with constant weights, and no term for a weight of 0", () => {
    const draft = new ProgramDraft();
    draft.input([3], BYTE);
    const weight = draft.constant([2, 3], BYTE, Int32Array.of(5, 0, 0, 0, -7, 0));
    draft.add({ kind: "matmul", input: 0, weight, bias: null });
    const { size } = compileR1cs(draft.program(), ALL_PUBLIC, 1);
    // The digest's constraint and one for each of two public outputs: three terms, and for each output one input, itself
    // and the factor 1.
    expect(size.constraints).toBe(1 + 2);
    expect(size.terms).toBe(3 + 2 * 3);
  });
});
