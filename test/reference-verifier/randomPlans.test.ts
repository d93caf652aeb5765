/**
 * Property: for random programs, and for changed bytes of programs, the plan of the reference verifier is that of src in everything
 * that a transcript depends on, or both refuse with the same code.
 */
import { describe, expect, it } from "vitest";
import { programStructure } from "../../src/program/programStructure.ts";
import { programStructureBytes } from "../../src/program/serialise.ts";
import { randomExactProgram } from "../../src/program/testing/randomExactProgram.ts";
import { randomProgram } from "../../src/program/testing/randomProgram.ts";
import { roundingRests } from "../../src/program/testing/roundingRests.ts";
import { changedFiles, compare, HEAVY, TIMEOUT } from "./agreement.ts";
import { fromHex } from "./bytes.ts";
import { firstPlans, judgeStructure, secondPlans, settingOf } from "./comparedPlans.ts";
import type { Program } from "./program.ts";
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

describe("ranges of what roundings leave over are the same", () => {
  it.each([...roundingRests()])("$name", ({ program }) => {
    const structure = programStructureBytes(programStructure(program));
    const plans = secondPlans(structure, settingOf(1));
    expect(plans).toEqual(firstPlans(structure, settingOf(1)));
    expect(plans).not.toBeTypeOf("string");
  });
});

/** A rescaling with that many channels, each of 256 steps. */
function rescaling(channels: number): Program {
  const quantisation = { scale: 1, zeroPoint: 0 };
  const shape = [2, channels];
  const input = { name: "input", shape, range: { lo: -70_000n, hi: 70_000n }, ...quantisation };
  const output = { name: "output", shape, range: { lo: -128n, hi: 127n }, ...quantisation };
  const multipliers = Array.from({ length: channels }, (_, channel) => ({
    multiplier: 400 - channel,
    shift: 0,
  }));
  const operator = {
    kind: "rescale",
    name: "rescale",
    input: 0,
    rounding: "divide-half-away",
    zeroPoint: 0n,
    lo: -128n,
    hi: 127n,
    multipliers,
  } as const;
  const tensors = [input, output];
  return { name: "rescaling", numInputs: 1, tensors, constants: [], operators: [operator], outputs: [1] };
}

describe("tables of rescalings are cut in the same places", { timeout: TIMEOUT }, () => {
  it.each([1, 31, 33, 70, 96])("%i channels", (channels) => {
    const structure = structureBytes(rescaling(channels));
    const plans = secondPlans(structure, settingOf(channels));
    expect(plans).toHaveProperty("forms");
    expect(plans).toEqual(firstPlans(structure, settingOf(channels)));
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
    for (let seed = 0; seed < SEEDS / 15; seed++) {
      const structure = structureBytes(randomStructure(seed, 6));
      // Long lists of values have thousands of boundaries that are all alike.
      if (structure.length > 3000 && !HEAVY) continue;
      const files = changedFiles(structure, 10, HEAVY, () => readProgram(structure));
      expect(compare(files, judgeStructure(settingOf(seed))).disagreements, `seed ${seed}`).toEqual([]);
    }
  });
});
