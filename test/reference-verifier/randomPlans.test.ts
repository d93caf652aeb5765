/**
 * Property: for random programs, and for changed bytes of programs, the plan of the reference verifier is that of src in everything
 * that a transcript depends on, or both refuse with the same code.
 */
import { describe, expect, it } from "vitest";
import { programStructure } from "../../src/program/programStructure.ts";
import { programStructureBytes } from "../../src/program/serialise.ts";
import { randomExactProgram } from "../../src/program/testing/randomExactProgram.ts";
import { randomProgram } from "../../src/program/testing/randomProgram.ts";
import { changedFiles, compare, HEAVY, TIMEOUT } from "./agreement.ts";
import { fromHex } from "./bytes.ts";
import { firstPlans, judgeStructure, secondPlans, settingOf } from "./comparedPlans.ts";
import { readProgram } from "./programBytes.ts";
import { randomStructure } from "./randomStructure.ts";
import { structureBytes } from "./structureBytes.ts";
import { vectors } from "./vectors.ts";

const SEEDS = HEAVY ? 5000 : 90;

/** Compares the plans of many structures; most must have plans. */
function comparePlans(count: number, structureOf: (seed: number) => Uint8Array): void {
  let derived = 0;
  for (let seed = 0; seed < count; seed++) {
    const structure = structureOf(seed);
    const plans = secondPlans(structure, settingOf(seed));
    expect(plans, `seed ${seed}`).toEqual(firstPlans(structure, settingOf(seed)));
    if (typeof plans !== "string") derived++;
  }
  expect(derived).toBeGreaterThan(count / 2);
}

describe("plans of random programs are the same", { timeout: TIMEOUT }, () => {
  it("operators of all kinds, short axes", () => {
    comparePlans(SEEDS, (seed) =>
      programStructureBytes(programStructure(randomExactProgram(seed, 2 + (seed % 12)))),
    );
  });

  it("networks", () => {
    comparePlans(SEEDS / 4, (seed) =>
      programStructureBytes(programStructure(randomProgram(seed, 1 + (seed % 4)))),
    );
  });

  it("operators of all kinds, long axes and many views", () => {
    comparePlans(SEEDS, (seed) => structureBytes(randomStructure(seed, 2 + (seed % 12))));
  });
});

describe("changed structures", { timeout: TIMEOUT }, () => {
  it.each(["dense", "convolution", "mixed", "sliced"])("of %s", (name) => {
    const structure = fromHex(vectors(`plan-${name}`).structure);
    const files = changedFiles(structure, HEAVY ? 2000 : 60, HEAVY, () => readProgram(structure));
    const { disagreements, outcomes } = compare(files, judgeStructure(settingOf(4)));
    expect(disagreements).toEqual([]);
    expect(Object.keys(outcomes)).toEqual(
      expect.arrayContaining(["program.invalid", "program.notCanonical", "program.truncated"]),
    );
  });

  it("at random", () => {
    for (let seed = 0; seed < SEEDS / 30; seed++) {
      const structure = structureBytes(randomStructure(seed, 6));
      const files = changedFiles(structure, 10, HEAVY, () => readProgram(structure));
      expect(compare(files, judgeStructure(settingOf(seed))).disagreements, `seed ${seed}`).toEqual([]);
    }
  });
});
