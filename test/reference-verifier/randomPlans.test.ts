/**
 * Property: for random programs the plan of the reference verifier is that of src, in everything that a transcript depends on,
 * or both refuse with the same code. src is a black box here: its program generator, its bytes of programs, its plans.
 */
import { describe, expect, it } from "vitest";
import { programStructure } from "../../src/program/programStructure.ts";
import { programStructureBytes } from "../../src/program/serialise.ts";
import { randomExactProgram } from "../../src/program/testing/randomExactProgram.ts";
import { randomProgram } from "../../src/program/testing/randomProgram.ts";
import type { PlanCase } from "../spec/planPrograms.ts";
import { planVector } from "../spec/planVectors.ts";
import { HEAVY, TIMEOUT } from "./agreement.ts";
import { inferencePlan } from "./inferencePlan.ts";
import type { Visibility } from "./plan.ts";
import { derivedForm, planForm, withoutNames } from "./planForm.ts";
import { readProgram } from "./programBytes.ts";
import { weightPlan } from "./weightPlan.ts";

const SEEDS = HEAVY ? 2000 : 150;
const INPUTS: readonly Visibility[] = ["public", "committed", "private"];

/** A value, or the code of the refusal that came instead. */
function outcome(compute: () => unknown): unknown {
  try {
    return compute();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== "string") throw error;
    return { refused: code };
  }
}

/** What src derives, in the form of planForm. */
function firstPlans(planCase: PlanCase): unknown {
  return outcome(() => {
    // biome-ignore lint/suspicious/noExplicitAny: JSON without a schema
    const vector = planVector(planCase) as any;
    const { constants, inputs, outputs } = vector.inferencePlan;
    const forms = [vector.weightPlan, vector.inferencePlan].map((plan) => [withoutNames(plan), plan.derived]);
    return { forms, constants, inputs, outputs };
  });
}

function secondPlans({ program, visibilities, batch }: PlanCase): unknown {
  return outcome(() => {
    const structure = readProgram(programStructureBytes(programStructure(program)));
    const plan = inferencePlan(structure, visibilities, batch);
    const forms = [weightPlan(structure), plan].map((each) => [planForm(each), derivedForm(each)]);
    const outputs = plan.outputTensors.map((tensor) => tensor ?? null);
    return { forms, constants: plan.constantTensors, inputs: plan.inputTensors, outputs };
  });
}

function randomCase(seed: number, program: PlanCase["program"]): PlanCase {
  const visibilities = {
    input: INPUTS[seed % 3]!,
    weights: seed % 2 === 0 ? "private" : "public",
    output: INPUTS[Math.floor(seed / 3) % 3]!,
  } as const;
  return { name: `seed ${seed}`, program, visibilities, batch: 1 + (seed % 4) };
}

describe("plans of random programs", () => {
  it("are the same, operators of both modes", { timeout: TIMEOUT }, () => {
    let derived = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const planCase = randomCase(seed, randomExactProgram(seed, 2 + (seed % 12)));
      const plans = secondPlans(planCase);
      expect(plans, planCase.name).toEqual(firstPlans(planCase));
      if (!("refused" in (plans as object))) derived++;
    }
    expect(derived).toBeGreaterThan(SEEDS / 2);
  });

  it("are the same, dense and convolutional networks", { timeout: TIMEOUT }, () => {
    for (let seed = 0; seed < SEEDS / 3; seed++) {
      const planCase = randomCase(seed, randomProgram(seed, 1 + (seed % 4)));
      expect(secondPlans(planCase), planCase.name).toEqual(firstPlans(planCase));
    }
  });
});
