/**
 * y[b, o, r] = T[b, x[b, o], r]: every triple of place and value (row-major position in T, y) is looked up among the pairs
 * (position, T[position]). The position is computed from b, x and r in the field. It is the integer that it looks like,
 * because x lies in its declared range, within [0, A − 1] (rules/gather.ts), and T has fewer than p cells; so it names one
 * cell of T, and the only pair with that position holds its value.
 */
import type { Expression, PlanTensorId } from "../../claims/plan.ts";
import type { Gather } from "../../program/program.ts";
import { addExpressions, expression, scaleExpression, wholeTensor } from "../expressions.ts";
import type { PlanBuilder } from "../planBuilder.ts";

export interface GatherOperands {
  /** Of the pairs (position, entry). */
  readonly tag: number;
  /** View of the result. */
  readonly axes: readonly number[];
  /** The chosen entry along the gathered axis, over `axes`. */
  readonly index: Expression;
  /** Cells of the table from one entry to the next. */
  readonly entrySize: number;
  /** Axes of `axes` that are axes of the table too, and cells of the table from one index along them to the next. */
  readonly shared: readonly { readonly axis: number; readonly stride: number }[];
  readonly output: PlanTensorId;
}

/** The pairs (position, entry) of a table, read over its own axes in row-major order. Returns their tag. */
export function planEntries(
  builder: PlanBuilder,
  { name }: Gather,
  axes: readonly number[],
  table: Expression,
): number {
  const numRows = axes.reduce((product, length) => product * length, 1);
  const strides = axes.map((_, axis) => axes.slice(axis + 1).reduce((size, n) => size * n, 1));
  const place = expression(0, ...strides.map((stride, axis) => [stride, { kind: "index", axis }] as const));
  const address = { kind: "affine", factors: [1, 0], constant: 0, numRows } as const;
  return builder.dataTable(`${name}: entries`, axes, [place, table], address);
}

export function planGather(builder: PlanBuilder, { name }: Gather, operands: GatherOperands): void {
  const { tag, axes, index, entrySize, shared, output } = operands;
  const along = shared.map(({ axis, stride }) => [stride, { kind: "index", axis }] as const);
  const wanted = addExpressions(scaleExpression(index, entrySize), expression(0, ...along));
  builder.lookUp(`${name}: chosen entries`, axes, tag, [
    wanted,
    expression(0, [1, wholeTensor(output, axes)]),
  ]);
}
