/**
 * y = floor(n / d), d ≥ 1: commits y and proves, with r = n − y·d read from a layer,
 *
 *   0 ≤ y − y_lo < size of y's declared range,   0 ≤ r < d_hi,   0 ≤ d − 1 − r < d_hi.
 *
 * The second and third alone would not do: mod p, n = y·d + r has a solution y for every r, and most of these y are no
 * quotient. The first bounds y as an integer. Then, for *any* y that passes, not only the honest one, y·d and n − y·d
 * are integers below p/2 in absolute value (rules/divide.ts checks it from declared ranges), and so is d_hi. The field
 * element r is therefore the residue of the integer n − y·d, and since it is also that of an integer in [0, d_hi), both
 * below p/2, they are equal: 0 ≤ n − y·d. In the same way d − 1 − r, between −d_hi and d_hi, is not negative. So
 * y·d ≤ n < (y + 1)·d, which only the quotient satisfies.
 */
import type { Expression, PlanTensorId } from "../../claims/plan.ts";
import type { Divide, IntRange } from "../../program/program.ts";
import { addExpressions, expression, scaleExpression, wholeTensor } from "../expressions.ts";
import type { PlanBuilder } from "../planBuilder.ts";
import { proveRange } from "../range/plan.ts";

export interface DivideOperands {
  readonly numerator: Expression;
  readonly denominator: Expression;
  /** The layer's y·d. */
  readonly product: Expression;
  readonly quotientRange: IntRange;
  readonly denominatorRange: IntRange;
}

/** `quotient`: the committed or public y over `axes`. */
export function planDivide(
  builder: PlanBuilder,
  { name }: Divide,
  axes: readonly number[],
  operands: DivideOperands,
  quotient: PlanTensorId,
): void {
  const { numerator, denominator, product, quotientRange, denominatorRange } = operands;
  const { lo, hi } = quotientRange;
  const size = denominatorRange.hi;
  const aboveLeast = expression(-lo, [1, wholeTensor(quotient, axes)]);
  proveRange(builder, `${name}: quotient`, axes, aboveLeast, hi - lo + 1);
  const remainder = addExpressions(numerator, scaleExpression(product, -1));
  proveRange(builder, `${name}: remainder`, axes, remainder, size);
  const below = addExpressions(addExpressions(denominator, expression(-1)), scaleExpression(remainder, -1));
  proveRange(builder, `${name}: remainder below the denominator`, axes, below, size);
}
