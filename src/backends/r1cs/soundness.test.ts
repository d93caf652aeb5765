import { describe, expect, it } from "vitest";
import type { Program } from "../../program/program.ts";
import { randomExactProgram } from "../../program/testing/randomExactProgram.ts";
import { randomIntegers } from "../../program/testing/randomIntegers.ts";
import { randomInput, randomProgram } from "../../program/testing/randomProgram.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { type AttackOutcome, attackProgram } from "./testing/attack.ts";
import { ALL_PUBLIC } from "./testing/runCircuit.ts";

const HIDDEN: Visibilities = { ...ALL_PUBLIC, weights: "private" };

function attackSome(
  program: Program,
  seed: number,
  attempts: number,
  visibilities: Visibilities,
): AttackOutcome {
  const random = randomIntegers(seed);
  return attackProgram({
    program,
    inputs: program.inputs.map((_, i) => randomInput(program, 1, seed, i)),
    visibilities,
    choose: (count) => Array.from({ length: attempts }, () => random(count)),
  });
}

describe("a prover that deviates in a wire", () => {
  for (const seed of Array.from({ length: 20 }, (_, i) => i)) {
    it(`proves no other output of a program of every kind, seed ${seed}`, () => {
      const { refused, forged } = attackSome(randomExactProgram(seed), seed, 40, ALL_PUBLIC);
      expect(forged).toEqual([]);
      expect(refused).toBeGreaterThan(0);
    });
  }

  for (const seed of [1, 2, 3]) {
    it(`proves no other output of layers with constant and with hidden weights, seed ${seed}`, () => {
      const open = attackSome(randomProgram(seed), seed, 60, ALL_PUBLIC);
      expect(open.forged).toEqual([]);
      expect(open.refused).toBeGreaterThan(40);
      const hidden = attackSome(randomProgram(seed, 2), seed, 12, HIDDEN);
      expect(hidden.forged).toEqual([]);
      expect(hidden.refused).toBeGreaterThan(6);
    });
  }
});
