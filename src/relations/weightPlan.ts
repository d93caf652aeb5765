/**
 * The plan of the proof that comes with a weight commitment: every committed weight and bias lies in its declared range.
 * Without it nothing that the no-wrap check says about accumulators would hold.
 */
import type { ProgramStructure } from "../program/programStructure.ts";
import { expression, wholeTensor } from "./expressions.ts";
import { constantAxes } from "./inferencePlan.ts";
import { type AnnotatedPlan, PlanBuilder } from "./planBuilder.ts";
import { proveRange } from "./range/plan.ts";

export function planWeightRanges(program: ProgramStructure): AnnotatedPlan {
  const builder = new PlanBuilder();
  const axesOf = constantAxes(program);
  // All constants first: their rows must lie where the inference plan has them.
  const tensors = program.constants.map(({ name }, constant) =>
    builder.addTensor(name, axesOf[constant], "weights", { kind: "constant", constant }),
  );
  program.constants.forEach(({ name, range }, constant) => {
    const axes = axesOf[constant];
    const offset = expression(-range.lo, [1, wholeTensor(tensors[constant], axes)]);
    proveRange(builder, `${name}: weight range`, axes, offset, range.hi - range.lo + 1);
  });
  return builder.finish([], [], []);
}
