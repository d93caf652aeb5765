/**
 * Range checks by lookup: value ∈ [0, size). Up to 2^16 one lookup into the table 0 … size − 1; beyond, a committed low
 * limb and a virtual high limb, each looked up. A size that is no power of two takes a second check of size − 1 − value.
 */

import { axisBits } from "../../claims/axes.ts";
import type { Expression } from "../../claims/plan.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { addExpressions, expression, scaleExpression, shiftedDown, wholeTensor } from "../expressions.ts";
import type { PlanBuilder } from "../planBuilder.ts";
import { MAX_TABLE_ROWS } from "../tableLimits.ts";

/** Tag of the table 0 … size − 1. */
export function rangeTable(builder: PlanBuilder, size: number): number {
  const column = expression(0, [1, { kind: "index", axis: 0 }]);
  return builder.table(`range ${size}`, [column], {
    kind: "affine",
    factors: [1],
    constant: 0,
    numRows: size,
  });
}

/** Proves 0 ≤ value < size on every real cell; size ≤ 2^30. */
export function proveRange(
  builder: PlanBuilder,
  name: string,
  axes: readonly number[],
  value: Expression,
  size: number,
): void {
  if (size <= MAX_TABLE_ROWS) {
    builder.lookUp(name, axes, rangeTable(builder, size), [value]);
    return;
  }
  const bits = axisBits(size);
  proveBits(builder, name, axes, value, bits);
  if (size !== 2 ** bits) {
    const mirrored = addExpressions(expression(size - 1), scaleExpression(value, -1));
    proveBits(builder, `${name}, from above`, axes, mirrored, bits);
  }
}

function proveBits(
  builder: PlanBuilder,
  name: string,
  axes: readonly number[],
  value: Expression,
  bits: number,
): void {
  if (bits > 30) {
    throw new TensorproofError(
      "program.rangeTooLarge",
      `${name}: a range of ${bits} bits does not fit the field`,
      {
        where: name,
      },
    );
  }
  const low = Math.ceil(bits / 2);
  const limb = builder.addTensor(`${name}: low limb`, axes, "advice", {
    kind: "limb",
    expression: value,
    bits: low,
  });
  const limbValue = expression(0, [1, wholeTensor(limb, axes)]);
  builder.lookUp(`${name}: low limb`, axes, rangeTable(builder, 2 ** low), [limbValue]);
  const high = shiftedDown(addExpressions(value, scaleExpression(limbValue, -1)), 0, low);
  builder.lookUp(`${name}: high limb`, axes, rangeTable(builder, 2 ** (bits - low)), [high]);
}
