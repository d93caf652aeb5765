/**
 * k = argmax_j s_j, lowest index first: commits the maximum m and proves that (k, m) is one of the pairs (j, s_j) of the
 * same row, by lookup into the row itself, and that M·m + (M − 1 − k) ≥ M·s_j + (M − 1 − j) for every j. The left side is
 * one of the right sides, and right sides are distinct, so k is the only index that satisfies both.
 */
import { axisBits } from "../../claims/axes.ts";
import type { Expression, PlanTensorId } from "../../claims/plan.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { P } from "../../field/m31.ts";
import type { ArgMax, IntRange } from "../../program/program.ts";
import { addExpressions, expression, scaleExpression, tensorAlong } from "../expressions.ts";
import type { PlanBuilder } from "../planBuilder.ts";
import { proveRange } from "../range/plan.ts";

export interface ArgMaxOperands {
  /** (rows…, M). */
  readonly axes: readonly number[];
  /** The compared values over `axes`, and their proven range. */
  readonly scores: Expression;
  readonly range: IntRange;
  /** Over (rows…). */
  readonly index: PlanTensorId;
}

export function planArgMax(builder: PlanBuilder, operator: ArgMax, operands: ArgMaxOperands): void {
  const { axes, scores, range } = operands;
  const { name } = operator;
  const rows = axes.slice(0, -1);
  const rowAxes = rows.map((_, axis) => axis);
  const length = axes[axes.length - 1];
  const last = axes.length - 1;
  const origin = { kind: "maximum", tensor: operator.input, length } as const;
  const maximum = builder.addTensor(`${name}: maximum`, rows, "advice", origin);
  const k = tensorAlong(operands.index, rowAxes);
  const m = tensorAlong(maximum, rowAxes);
  const strides = rows.map((_, axis) => rows.slice(axis + 1).reduce((product, n) => product * n, 1));
  const row = expression(0, ...strides.map((stride, axis) => [stride, { kind: "index", axis }] as const));
  const j = { kind: "index", axis: last } as const;

  const numRows = axes.reduce((product, n) => product * n, 1);
  const address = { kind: "affine", factors: [length, 1, 0], constant: 0, numRows } as const;
  const tag = builder.dataTable(`${name}: row entries`, axes, [row, expression(0, [1, j]), scores], address);
  builder.lookUp(`${name}: maximum is an entry`, rows, tag, [
    row,
    expression(0, [1, k]),
    expression(0, [1, m]),
  ]);

  const span = length * (range.hi - range.lo) + length;
  const size = 2 ** axisBits(span);
  if (span + size >= P) {
    throw new TensorproofError(
      "program.rangeTooLarge",
      `${name}: ${length} scores in [${range.lo}, ${range.hi}] are too many or too wide to compare in a 31-bit field; use fewer weight bits`,
      { where: name },
    );
  }
  const lead = addExpressions(expression(0, [length, m], [-1, k], [1, j]), scaleExpression(scores, -length));
  proveRange(builder, `${name}: no entry is larger`, axes, lead, size);
}
