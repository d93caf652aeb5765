/**
 * y = f(z), z = floor((x + 2^(s−1)) / 2^s): commits y and the remainder r, proves r ∈ [0, 2^s) and (z, y) ∈ graph of f,
 * with z = (x + 2^(s−1) − r)·2^(−s) virtual. Both sides of 2^s·z + r = x + 2^(s−1) stay below p/2 by the program's
 * no-wrap check, so that the congruence is an equality over the integers.
 */
import type { Expression, PlanTensorId } from "../../claims/plan.ts";
import { fromInteger } from "../../field/m31.ts";
import type { IntFunction, Requantise } from "../../program/program.ts";
import {
  addExpressions,
  allAxes,
  expression,
  type PlanBuilder,
  shiftedDown,
  tensorSource,
} from "../planBuilder.ts";
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
    const r = tensorSource(remainder, allAxes(axes));
    proveRange(builder, `${name}: remainder`, axes, expression(0, [1, r]), 2 ** shift);
    z = shiftedDown(addExpressions(input, expression(0, [-1, r])), 2 ** (shift - 1), shift);
  }
  const y = expression(0, [1, tensorSource(output, allAxes(axes))]);
  builder.lookUp(`${name}: function`, axes, functionTable(builder, operator.function), [z, y]);
}

/** Table of all (z, f(z)); operators with the same function share it. */
function functionTable(builder: PlanBuilder, f: IntFunction): number {
  const { lo, hi } = f.domain;
  const numRows = hi - lo + 1;
  builder.reserveTableRows(f.map.kind, numRows);
  // Made when first read: a verifier must refuse what is too short or too weak before it pays for a table.
  let results: Int32Array | undefined;
  const rows = {
    kind: "values",
    get values(): Int32Array {
      results ??= Int32Array.from({ length: numRows }, (_, i) => evaluate(f, lo + i));
      return results;
    },
  } as const;
  const key = f.map.kind === "clamp" ? `clamp ${f.map.lo} ${f.map.hi}` : `values ${f.map.values.join()}`;
  const z = expression(lo, [1, { kind: "index", axis: 0 }]);
  const y = expression(0, [1, rows]);
  return builder.table(`function on [${lo}, ${hi}]: ${key}`, [numRows], [z, y], {
    factors: [1, 0],
    constant: fromInteger(-lo),
  });
}

function evaluate(f: IntFunction, z: number): number {
  if (f.map.kind === "clamp") return Math.min(Math.max(z, f.map.lo), f.map.hi);
  return f.map.values[z - f.domain.lo];
}
