/** Zeros in constant weights: what they save, and that the constraints that are left determine every output. */
import { describe, expect, it } from "vitest";
import type { Program } from "../../program/program.ts";
import { ProgramDraft } from "../../program/testing/programDraft.ts";
import { randomIntegers } from "../../program/testing/randomIntegers.ts";
import { validateProgram } from "../../program/validate.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { compileR1cs, type R1csSize } from "./r1csCircuit.ts";
import { attackProgram } from "./testing/attack.ts";
import { brokenConstraint } from "./testing/readR1cs.ts";
import { ALL_PUBLIC, circuitRunner, runCircuit } from "./testing/runCircuit.ts";
import { undeterminedWires } from "./testing/undetermined.ts";

const PRIVATE_INPUT: Visibilities = { ...ALL_PUBLIC, input: "private" };
const BYTE = { lo: -128, hi: 127 };

/** inputs → neurons with ReLU → outputs; weights row by row, one row for each neuron or output. */
function network(first: readonly number[][], second: readonly number[][], bias?: readonly number[]): Program {
  const draft = new ProgramDraft();
  const input = draft.input([first[0].length], BYTE);
  const matrix = (rows: readonly number[][]): number =>
    draft.constant([rows.length, rows[0].length], BYTE, Int32Array.from(rows.flat()));
  const weight = matrix(first);
  const biasId =
    bias === undefined
      ? null
      : draft.constant([bias.length], { lo: -(2 ** 15), hi: 2 ** 15 - 1 }, Int32Array.from(bias));
  const sums = draft.add({ kind: "matmul", input, weight, bias: biasId });
  const domain = { lo: -(2 ** 12), hi: 2 ** 12 - 1 };
  const f = { domain, map: { kind: "clamp", lo: 0, hi: 127 } } as const;
  const hidden = draft.add({ kind: "requantise", input: sums, shift: 4, rounding: "half-up", function: f });
  draft.add({ kind: "matmul", input: hidden, weight: matrix(second), bias: null });
  const program = draft.program();
  validateProgram(program);
  return program;
}

function sizeOf(program: Program, visibilities: Visibilities = PRIVATE_INPUT): R1csSize {
  return compileR1cs(program, visibilities, 1).size;
}

const FIRST = [
  [30, -41, 7, 0],
  [-12, 9, 50, 0],
  [66, 3, -8, 0],
];
const SECOND = [
  [5, 90, -31],
  [-70, 8, 22],
];

/** The same without neuron 1. */
const WITHOUT = network(
  FIRST.filter((_, i) => i !== 1),
  SECOND.map(([a, , c]) => [a, c]),
);

describe("with constant weights", () => {
  it("a neuron that no output reads costs nothing", () => {
    const unread = network(
      FIRST,
      SECOND.map(([a, , c]) => [a, 0, c]),
    );
    expect(sizeOf(unread)).toEqual(sizeOf(WITHOUT));
  });

  it("a neuron whose incoming weights are zero is a constant", () => {
    const first = FIRST.map((row, i) => (i === 1 ? [0, 0, 0, 0] : row));
    const constant = network(first, SECOND, [0, 3000, 0]);
    const silent = network(first, SECOND, [0, -3000, 0]);
    expect(sizeOf(constant).constraints).toBe(sizeOf(WITHOUT).constraints);
    expect(sizeOf(silent)).toEqual(sizeOf(WITHOUT));
  });

  it("a neuron that its bias keeps below zero is the constant 0", () => {
    const below = network(FIRST, SECOND, [0, -30_000, 0]);
    expect(sizeOf(below)).toEqual(sizeOf(WITHOUT));
  });

  it("an input that no weight reads is not even a wire, and costs its range where a commitment reads it", () => {
    const narrow = network(
      FIRST.map((row) => row.slice(0, 3)),
      SECOND,
    );
    expect(sizeOf(network(FIRST, SECOND))).toEqual(sizeOf(narrow));
    const committed: Visibilities = { ...ALL_PUBLIC, input: "committed" };
    expect(sizeOf(network(FIRST, SECOND), committed).constraints).toBeGreaterThanOrEqual(
      sizeOf(narrow, committed).constraints + 8,
    );
  });

  it("smaller sums have fewer bits, neuron by neuron", () => {
    const halved = FIRST.map((row, i) => (i === 1 ? row.map((w) => Math.trunc(w / 16)) : row));
    expect(sizeOf(network(halved, SECOND)).constraints).toBeLessThan(
      sizeOf(network(FIRST, SECOND)).constraints - 2,
    );
  });

  it("each zero weight takes a term away; hidden weights keep every product", () => {
    const thinner = FIRST.map((row, i) => (i === 0 ? [30, 0, 7, 0] : row));
    expect(sizeOf(network(thinner, SECOND)).terms).toBeLessThan(sizeOf(network(FIRST, SECOND)).terms);
    const hidden: Visibilities = { ...ALL_PUBLIC, weights: "private" };
    expect(sizeOf(network(thinner, SECOND), hidden)).toEqual(sizeOf(network(FIRST, SECOND), hidden));
  });
});

/** Most weights are zero, whole neurons and inputs among them. */
function sparse(seed: number): Program {
  const random = randomIntegers(seed);
  const row = (length: number): number[] =>
    Array.from({ length }, () => (random(10) < 7 ? 0 : random(100) - 50));
  const rows = (count: number, length: number): number[][] =>
    Array.from({ length: count }, () => row(length));
  const bias = Array.from({ length: 6 }, () => (random(3) === 0 ? -20_000 : random(2000) - 1000));
  return network(rows(6, 5), rows(3, 6), bias);
}

describe("sparse networks", () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))("are exact and leave no choice, seed %d", (seed) => {
    const program = sparse(seed);
    const random = randomIntegers(seed + 100);
    const input = (): Int32Array => Int32Array.from({ length: 5 }, () => random(256) - 128);
    for (const visibilities of [ALL_PUBLIC, PRIVATE_INPUT]) {
      const run = circuitRunner(program, visibilities, 1);
      for (let i = 0; i < 5; i++) {
        const { r1cs, values } = run([input()]);
        expect(brokenConstraint(r1cs, values)).toBeNull();
      }
    }
    const { r1cs, values } = runCircuit(program, [input()]);
    const outputs = program.outputs.reduce((sum, id) => sum + program.tensors[id].shape[0], 0);
    const free = undeterminedWires(r1cs, values, (wire) => wire <= r1cs.numPublic - outputs);
    expect(free).toEqual([]);
    expect(attackProgram({ program, inputs: [input()] }).forged).toEqual([]);
  });
});

describe("parts of a circuit", () => {
  it("add up to the whole, each operator by itself", () => {
    const { size, parts } = compileR1cs(network(FIRST, SECOND), PRIVATE_INPUT, 2);
    const total = (field: "constraints" | "terms"): number =>
      parts.reduce((sum, part) => sum + part[field], 0);
    expect(total("constraints")).toBe(size.constraints);
    expect(total("terms")).toBe(size.terms);
    expect(parts.map(({ name }) => name)).toEqual([
      ...["inputs", "weights", "matmul 1", "requantise 2", "matmul 3", "outputs"],
    ]);
    // Sums with constant weights are free; inputs of 8 bits cost 8.
    expect(parts.map(({ constraints }) => constraints > 0)).toEqual([true, false, false, true, false, true]);
    expect(parts[0].constraints).toBe(2 * 3 * 8 + 1);
  });
});
