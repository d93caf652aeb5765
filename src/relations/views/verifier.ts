/**
 * Reduces claims Σ_i factor_i·⟨T_i, ⊗ weights⟩ = value to evaluations of the tensors at points, with one sumcheck for all.
 * Axes that are read as they are keep the claim's point; only those between the first and the last other axis are bound:
 * Σ_t T̃(point, t, point)·A(t), whose end is a tensor evaluation times the public Ã. So nothing but the rounds is sent.
 */
import { axisBits } from "../../claims/axes.ts";
import type { Operand, ProofPlan, Source } from "../../claims/plan.ts";
import { Relation } from "../../claims/relation.ts";
import { type AxisBlock, blockOf, isMappedSource, type ViewTerm } from "../../claims/view.ts";
import { type Ext, mul, neg, ONE } from "../../field/ext.ts";
import { dotExt } from "../../field/extVector.ts";
import type { HiddenScalar } from "../../masking/hiddenScalar.ts";
import { HiddenSum } from "../../masking/hiddenSum.ts";
import type { MessageReader } from "../../masking/messages.ts";
import { eqEval, eqTable, type Point } from "../../poly/eq.ts";
import { reduceSumcheck } from "../../sumcheck/verifier.ts";
import { leadingZeros } from "../leadingZeros.ts";

export const VIEW_DEGREE = 2;
export const LABEL_VALUE = "view/value";
export const LABEL_BATCH = "view/batch";

export interface ViewClaim {
  readonly terms: readonly ViewTerm[];
  readonly value: HiddenScalar;
}

/**
 * Moves the views of a relation to a claim, with a hidden scalar in their place. The scalar is only sent if there are any.
 */
export function settleViews(reader: MessageReader, relation: Relation, claims: ViewClaim[]): void {
  if (relation.views.length === 0) return;
  const value = reader.hidden(LABEL_VALUE);
  relation.addHidden(value, ONE);
  claims.push({ terms: relation.views.splice(0), value });
}

export function termBlock(plan: ProofPlan, term: ViewTerm): AxisBlock {
  return blockOf(plan.tensors[term.tensor].axes, (axis) => term.weights[axis].kind === "vector");
}

/** Bits that the sumcheck needs for a source; −1 if the source makes no view claim. */
export function sourceBits(plan: ProofPlan, source: Source): number {
  if (source.kind !== "tensor" || source.tensor === null || !isMappedSource(plan.tensors, source)) return -1;
  return blockOf(plan.tensors[source.tensor].axes, (axis) => source.wires[axis].map !== null).bits;
}

/** The largest `sourceBits` of an operand. */
export function operandBits(plan: ProofPlan, operand: Operand): number {
  return operand.value.terms.reduce((bits, { source }) => Math.max(bits, sourceBits(plan, source)), -1);
}

/** `numVariables`: rounds of the sumcheck, known from the plan; −1 if it makes no view claims. */
export function reduceViewClaims(
  reader: MessageReader,
  plan: ProofPlan,
  claims: readonly ViewClaim[],
  numVariables: number,
): Relation[] {
  if (numVariables < 0) return [];
  const eta = reader.challenge(LABEL_BATCH);
  const total = new HiddenSum();
  let weight = ONE;
  for (const claim of claims) {
    total.add(claim.value, weight);
    weight = mul(weight, eta);
  }
  const reduced = reduceSumcheck(reader, total.scalar(), numVariables, VIEW_DEGREE);
  const end = new Relation("views: end of sumcheck");
  end.addHidden(reduced.value, neg(ONE));
  weight = ONE;
  for (const claim of claims) {
    for (const term of claim.terms) {
      const block = termBlock(plan, term);
      const lead = numVariables - block.bits;
      const bound = reduced.point.slice(lead);
      const factor = mul(mul(weight, term.factor), leadingZeros(reduced.point.slice(0, lead)));
      end.terms.push({
        tensor: term.tensor,
        point: tensorPoint(term, block, bound),
        factor: mul(factor, weightAt(plan.tensors[term.tensor].axes, term, block, bound)),
      });
    }
    weight = mul(weight, eta);
  }
  return [end];
}

/** Coordinates of the axes [from, to), which are outside the block. */
export function pointOutside(term: ViewTerm, from: number, to: number): Point {
  return term.weights.slice(from, to).flatMap((weight) => (weight.kind === "point" ? weight.point : []));
}

/** The claim's coordinates outside the block, the sumcheck's inside. */
function tensorPoint(term: ViewTerm, block: AxisBlock, bound: Point): Point {
  return [
    ...pointOutside(term, 0, block.from),
    ...bound,
    ...pointOutside(term, block.to, term.weights.length),
  ];
}

/** Multilinear extension of the block's weights. */
function weightAt(axes: readonly number[], term: ViewTerm, block: AxisBlock, bound: Point): Ext {
  let at = 0;
  let value = ONE;
  for (let axis = block.from; axis < block.to; axis++) {
    const bits = axisBits(axes[axis]);
    const own = bound.slice(at, at + bits);
    at += bits;
    const weight = term.weights[axis];
    value = mul(
      value,
      weight.kind === "point" ? eqEval(weight.point, own) : dotExt(weight.values, eqTable(own, axes[axis])),
    );
  }
  return value;
}
