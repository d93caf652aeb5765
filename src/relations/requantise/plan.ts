/**
 * y = f(z), z = floor((x + 2^(s−1)) / 2^s): commits y and the remainder r, proves r ∈ [0, 2^s) and (z, y) ∈ graph of f,
 * with z = (x + 2^(s−1) − r)·2^(−s) virtual. Both sides of 2^s·z + r = x + 2^(s−1) stay below p/2 by the program's
 * no-wrap check, so that the congruence is an equality over the integers.
 */
import type { Expression, PlanTensorId } from "../../claims/plan.ts";
import type { Requantise } from "../../program/program.ts";
import { addExpressions, expression, shiftedDown, wholeTensor } from "../expressions.ts";
import { functionTable } from "../functionTable.ts";
import type { PlanBuilder } from "../planBuilder.ts";
import { proveRange } from "../range/plan.ts";

/** `input`: the accumulators or values requantised; `output`: the committed or public y over the same axes. */
export function planRequantise(
  builder: PlanBuilder,
  operator: Requantise,
  axes: readonly number[],
  input: Expression,
  output: PlanTensorId,
): void {
  const { name, shift } = operator;
  let z = input;
  if (shift > 0) {
    const origin = { kind: "remainder", tensor: operator.input, shift } as const;
    const remainder = builder.addTensor(`${name}: remainder`, axes, "advice", origin);
    const r = wholeTensor(remainder, axes);
    proveRange(builder, `${name}: remainder`, axes, expression(0, [1, r]), 2 ** shift);
    z = shiftedDown(addExpressions(input, expression(0, [-1, r])), 2 ** (shift - 1), shift);
  }
  const y = expression(0, [1, wholeTensor(output, axes)]);
  builder.lookUp(`${name}: function`, axes, functionTable(builder, operator.function), [z, y]);
}
