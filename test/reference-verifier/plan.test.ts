/** Chapters 10 and 11 of docs/spec, and the numbers of 15.8, against the plans among the vectors. */
import { describe, expect, it } from "vitest";
import { derive } from "./blake3.ts";
import { fromHex, hex } from "./bytes.ts";
import { inferencePlan } from "./inferencePlan.ts";
import { derivedForm, planForm, withoutNames } from "./planForm.ts";
import { readProgram } from "./programBytes.ts";
import { vectors } from "./vectors.ts";
import { weightPlan } from "./weightPlan.ts";

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
    expect(derivedForm(plan)).toEqual(vector.weightPlan.derived);
  });

  it("is the inference plan of the vectors", () => {
    const plan = inferencePlan(program, vector.visibilities, vector.batch);
    expect(planForm(plan)).toEqual(withoutNames(vector.inferencePlan));
    expect(derivedForm(plan)).toEqual(vector.inferencePlan.derived);
    expect(plan.constantTensors).toEqual(vector.inferencePlan.constants);
    expect(plan.inputTensors).toEqual(vector.inferencePlan.inputs);
    const outputs = plan.outputTensors.map((tensor) => tensor ?? null);
    expect(outputs).toEqual(vector.inferencePlan.outputs);
  });
});
