/** Chapters 10 and 11 of docs/spec, and the numbers of 15.8, against the plans among the vectors. */
import { describe, expect, it } from "vitest";
import { derive } from "./blake3.ts";
import { fromHex, hex } from "./bytes.ts";
import { sectionReadings } from "./claimedReadings.ts";
import { inferencePlan } from "./inferencePlan.ts";
import type { Plan } from "./plan.ts";
import { evaluationCost } from "./planCost.ts";
import { planForm } from "./planForm.ts";
import { lookupCube, planNumbers, viewVariables } from "./planNumbers.ts";
import { readProgram } from "./programBytes.ts";
import { workBits } from "./security.ts";
import { vectors } from "./vectors.ts";
import { weightPlan } from "./weightPlan.ts";

/** The vectors' plan in the form of planForm: without names and what is derived. */
// biome-ignore lint/suspicious/noExplicitAny: JSON without a schema
function withoutNames(plan: any): unknown {
  const list = (key: string): unknown[] => plan[key].map(({ name: _, ...rest }: { name: string }) => rest);
  return {
    tensors: list("tensors"),
    sections: list("sections"),
    layers: list("layers"),
    equalities: list("equalities"),
  };
}

/** What follows from a plan before a proof is read. */
function derived(plan: Plan): unknown {
  const cube = lookupCube(plan);
  const numbers = planNumbers(plan);
  return {
    cube: {
      numVariables: cube.numVariables,
      dummy: cube.dummy,
      sections: cube.sections.map(({ section, numVariables, offset }) => {
        return { section: plan.sections.indexOf(section), numVariables, offset };
      }),
    },
    sectionReadings: sectionReadings(plan).map(({ viewAxes, source: { layer, axes, slices } }) => ({
      viewAxes,
      layer,
      axes,
      ...(slices.every((slice) => slice === undefined)
        ? {}
        : { slices: slices.map((slice) => slice ?? null) }),
    })),
    viewVariables: viewVariables(plan) ?? -1,
    lookupWorkBits: workBits(numbers),
    scalars: numbers.scalars,
    pads: numbers.scalars,
    products: numbers.products,
    layerClaims: numbers.layerClaims,
    viewClaims: numbers.viewClaims,
    evaluationCost: evaluationCost(plan),
  };
}

describe.each(["dense", "convolution", "mixed", "sliced"])("plan of %s", (name) => {
  const vector = vectors(`plan-${name}`);
  const program = readProgram(fromHex(vector.structure));

  it("has the program's hash", () => {
    const structure = fromHex(vector.structure);
    expect(hex(derive("tensorproof/program-structure/v1", structure))).toBe(vector.programHash);
  });

  it("is the weight plan of the vectors", () => {
    const plan = weightPlan(program);
    expect(planForm(plan)).toEqual(withoutNames(vector.weightPlan));
    expect(derived(plan)).toEqual(vector.weightPlan.derived);
  });

  it("is the inference plan of the vectors", () => {
    const plan = inferencePlan(program, vector.visibilities, vector.batch);
    expect(planForm(plan)).toEqual(withoutNames(vector.inferencePlan));
    expect(derived(plan)).toEqual(vector.inferencePlan.derived);
    expect(plan.constantTensors).toEqual(vector.inferencePlan.constants);
    expect(plan.inputTensors).toEqual(vector.inferencePlan.inputs);
    const outputs = plan.outputTensors.map((tensor) => tensor ?? null);
    expect(outputs).toEqual(vector.inferencePlan.outputs);
  });
});
