/**
 * The plan of a range proof: docs/spec/11-plan.md, 11.5. (That of a certificate is in certificates.ts.)
 */
import { residue } from "./field.ts";
import { constantAxes } from "./inferencePlan.ts";
import { addConstant, type Plan, wholeTensor } from "./plan.ts";
import { PlanBuilder } from "./planBuilder.ts";
import { proveRange } from "./planRange.ts";
import type { Program } from "./program.ts";

/** Every constant lies in its declared range. */
export function weightPlan(program: Program): Plan {
  const axes = constantAxes(program);
  const builder = new PlanBuilder();
  for (const [index, { name }] of program.constants.entries()) {
    builder.addTensor(name, axes[index]!, "weights");
  }
  for (const [index, { name, range }] of program.constants.entries()) {
    const fromZero = addConstant(wholeTensor(index, axes[index]!.length), residue(-range.lo));
    const size = Number(range.hi - range.lo) + 1;
    proveRange(builder, `${name}: weight range`, axes[index]!, fromZero, size);
  }
  return builder.finish();
}
