/**
 * y = max(a, b): commits y and looks (a − b, y − b) up in the graph of d ↦ max(d, 0), since max(a, b) − b = max(a − b, 0).
 */
import type { Expression, PlanTensorId } from "../../claims/plan.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { IntRange, Max } from "../../program/program.ts";
import { addExpressions, expression, scaleExpression, wholeTensor } from "../expressions.ts";
import { functionTable } from "../functionTable.ts";
import type { PlanBuilder } from "../planBuilder.ts";
import { MAX_TABLE_ROWS } from "../tableLimits.ts";

export interface MaxOperands {
  readonly left: Expression;
  readonly right: Expression;
  readonly leftRange: IntRange;
  readonly rightRange: IntRange;
}

export function planMax(
  builder: PlanBuilder,
  operator: Max,
  axes: readonly number[],
  operands: MaxOperands,
  output: PlanTensorId,
): void {
  const { left, right, leftRange, rightRange } = operands;
  const domain = {
    lo: Math.min(0, leftRange.lo - rightRange.hi),
    hi: Math.max(0, leftRange.hi - rightRange.lo),
  };
  if (domain.hi - domain.lo >= MAX_TABLE_ROWS) {
    throw new TensorproofError(
      "program.rangeTooLarge",
      `${operator.name}: differences in [${domain.lo}, ${domain.hi}] are more than a table of ${MAX_TABLE_ROWS} rows holds; requantise to fewer bits before`,
      { where: operator.name },
    );
  }
  const table = functionTable(builder, { domain, map: { kind: "clamp", lo: 0, hi: domain.hi } });
  const minusRight = scaleExpression(right, -1);
  const difference = addExpressions(left, minusRight);
  const excess = addExpressions(expression(0, [1, wholeTensor(output, axes)]), minusRight);
  builder.lookUp(`${operator.name}: maximum`, axes, table, [difference, excess]);
}
