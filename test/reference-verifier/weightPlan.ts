/**
 * Plans about weights alone: docs/spec/11-plan.md, 11.5.
 */
import { residue } from "./field.ts";
import { constantAxes } from "./inferencePlan.ts";
import {
  addConstant,
  type Equality,
  type Holder,
  type Plan,
  subtractExpressions,
  wholeTensor,
} from "./plan.ts";
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

/** Two commitments hold the same constants (chapter 09). */
export function renewalPlan(program: Program): Plan {
  const axes = constantAxes(program);
  const count = program.constants.length;
  const held = (holder: Holder): Plan["tensors"] =>
    program.constants.map(({ name }, index) => ({ name, axes: axes[index]!, holder }));
  const equalities = program.constants.map(({ name }, index): Equality => {
    const [before, after] = [index, count + index].map((tensor) => wholeTensor(tensor, axes[index]!.length));
    return { name: `${name}: renewed`, axes: axes[index]!, expression: subtractExpressions(before!, after!) };
  });
  return { tensors: [...held("parent"), ...held("weights")], sections: [], layers: [], equalities };
}
