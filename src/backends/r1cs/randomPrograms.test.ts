import { describe, expect, it } from "vitest";
import type { Program } from "../../program/program.ts";
import { randomExactProgram } from "../../program/testing/randomExactProgram.ts";
import { randomInput, randomProgram } from "../../program/testing/randomProgram.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { residue } from "./scalarField.ts";
import { brokenConstraint } from "./testing/readR1cs.ts";
import { ALL_PUBLIC, runCircuit } from "./testing/runCircuit.ts";

const HIDDEN: Visibilities = { input: "private", weights: "private", output: "public" };
const COMMITTED: Visibilities = { input: "committed", weights: "committed", output: "committed" };

function check(program: Program, visibilities: Visibilities, batch: number, seed: number): void {
  const inputs = program.inputs.map((_, i) => randomInput(program, batch, seed + i, i));
  const { r1cs, values, signals, outputs } = runCircuit(program, inputs, visibilities, batch);
  expect(values).toHaveLength(r1cs.numWires);
  expect(brokenConstraint(r1cs, values)).toBeNull();
  expect(r1cs.numPublic).toBe(signals.length);
  expect(values.slice(1, 1 + r1cs.numPublic)).toEqual(signals);
  if (visibilities.output === "public") {
    const shown = signals.slice(signals.length - outputs.reduce((sum, row) => sum + row.length, 0));
    expect(shown).toEqual(outputs.flatMap((row) => Array.from(row, (value) => residue(BigInt(value)))));
  }
}

describe("random programs as R1CS", () => {
  for (const seed of Array.from({ length: 24 }, (_, i) => i)) {
    it(`operators of every kind, seed ${seed}`, () => {
      const program = randomExactProgram(seed);
      check(program, ALL_PUBLIC, 1 + (seed % 2), seed);
      check(program, { ...ALL_PUBLIC, input: "private" }, 1, seed + 1);
      if (seed % 4 === 0) check(program, HIDDEN, 1, seed);
    });
  }

  for (const seed of Array.from({ length: 6 }, (_, i) => i)) {
    it(`layers with tables, seed ${seed}`, () => {
      const program = randomProgram(seed);
      check(program, ALL_PUBLIC, 2, seed);
      check(program, HIDDEN, 1, seed);
      if (seed % 3 === 0) check(program, COMMITTED, 2, seed);
    });
  }
});
