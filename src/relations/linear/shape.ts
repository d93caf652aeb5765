/** How the axes of a layer divide, and what of it a proof shows: both sides read it off the plan. */
import { axisBits, splitPoint } from "../../claims/axes.ts";
import { type LinearLayer, layerAxes, type Operand, type ProofPlan } from "../../claims/plan.ts";
import type { Point } from "../../poly/eq.ts";

/** Output axes that both operands have: products along them are taken index by index. */
export function groupAxes(layer: LinearLayer): number[] {
  return layer.left.axes.filter((axis) => axis < layer.numOutputAxes && layer.right.axes.includes(axis));
}

/** Axes that the sumcheck binds, most significant first: groups, then contracted axes. */
export function boundAxes(layer: LinearLayer): number[] {
  const contracted = layer.axes.map((_, axis) => axis).slice(layer.numOutputAxes);
  return [...groupAxes(layer), ...contracted];
}

export function boundBits(layer: LinearLayer): number {
  return boundAxes(layer).reduce((bits, axis) => bits + axisBits(layer.axes[axis]), 0);
}

/** Degree of the layer's round polynomials: eq of the groups times both operands. */
export function layerDegree(layer: LinearLayer): number {
  return groupAxes(layer).length > 0 ? 3 : 2;
}

/** Coordinates of an operand's axes: output coordinates from the claim, bound ones from the sumcheck. */
export function operandParts(layer: LinearLayer, operand: Operand, claim: Point, bound: Point): Point[] {
  const outputs = splitPoint(layerAxes(layer), claim);
  const axes = boundAxes(layer);
  const parts = splitPoint(
    axes.map((axis) => layer.axes[axis]),
    bound,
  );
  return operand.axes.map((axis) => {
    const position = axes.indexOf(axis);
    return position < 0 ? outputs[axis] : parts[position];
  });
}

/** True if the verifier can evaluate the operand alone. */
export function isPublicOperand(plan: ProofPlan, operand: Operand): boolean {
  return operand.value.terms.every(
    ({ source }) =>
      source.kind !== "tensor" || source.tensor === null || plan.tensors[source.tensor].holder === "public",
  );
}
