/**
 * Range checks: docs/spec/14-relations.md, 14.1.
 */
import { inverseF, residue } from "./field.ts";
import { bits } from "./multilinear.ts";
import { addConstant, type Expression, scaleExpression, subtractExpressions, wholeTensor } from "./plan.ts";
import type { PlanBuilder } from "./planBuilder.ts";
import { must } from "./refusal.ts";

const MAX_TABLE = 2 ** 16;
const MAX_BITS = 30;

/** 0 ≤ e < size on all real cells. */
export function proveRange(
  builder: PlanBuilder,
  name: string,
  axes: readonly number[],
  e: Expression,
  size: number,
): void {
  if (size <= MAX_TABLE) {
    const tag = builder.rangeTable(size);
    builder.lookUp(name, axes, tag, [e]);
    return;
  }
  const b = bits(size);
  proveBits(builder, name, axes, e, b);
  if (size === 2 ** b) return;
  const fromAbove = addConstant(scaleExpression(e, residue(-1)), residue(size - 1));
  proveBits(builder, `${name}, from above`, axes, fromAbove, b);
}

/** 0 ≤ e < 2^b, by two limbs. */
function proveBits(
  builder: PlanBuilder,
  name: string,
  axes: readonly number[],
  e: Expression,
  b: number,
): void {
  must(b <= MAX_BITS, "program.rangeTooLarge", name);
  const k = Math.ceil(b / 2);
  const low = wholeTensor(builder.addTensor(`${name}: low limb`, axes, "advice"), axes.length);
  const lowTable = builder.rangeTable(2 ** k);
  builder.lookUp(`${name}: low limb`, axes, lowTable, [low]);
  const high = scaleExpression(subtractExpressions(e, low), inverseF(2n ** BigInt(k)));
  const highTable = builder.rangeTable(2 ** (b - k));
  builder.lookUp(`${name}: high limb`, axes, highTable, [high]);
}
