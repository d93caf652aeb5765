/** Arithmetic on expressions: integers stand for their residues mod p. */
import { directWires, type Expression, type PlanTensorId, type Source } from "../claims/plan.ts";
import { fromInteger, inv, mul } from "../field/m31.ts";

/** A tensor read as it is over all axes of a view. */
export function wholeTensor(tensor: PlanTensorId, axes: readonly number[]): Source {
  return { kind: "tensor", tensor, wires: directWires(axes.map((_, axis) => axis)) };
}

/** A tensor read as it is along some axes of a view, constant along the others. */
export function tensorAlong(tensor: PlanTensorId, axes: readonly number[]): Source {
  return { kind: "tensor", tensor, wires: directWires(axes) };
}

/** constant + Σ factor · source with integer factors. */
export function expression(
  constant: number,
  ...terms: readonly (readonly [factor: number, source: Source])[]
): Expression {
  return {
    constant: fromInteger(constant),
    terms: terms.map(([factor, source]) => ({ source, factor: fromInteger(factor) })),
  };
}

/** (value + constant) / 2^shift in the field. */
export function shiftedDown(value: Expression, constant: number, shift: number): Expression {
  const inverse = inv(2 ** shift);
  const sum = { ...value, constant: fromInteger(value.constant + constant) };
  return {
    constant: mul(sum.constant, inverse),
    terms: sum.terms.map(({ source, factor }) => ({ source, factor: mul(factor, inverse) })),
  };
}

export function addExpressions(a: Expression, b: Expression): Expression {
  return { constant: fromInteger(a.constant + b.constant), terms: [...a.terms, ...b.terms] };
}

export function scaleExpression(value: Expression, factor: number): Expression {
  const residue = fromInteger(factor);
  return {
    constant: mul(value.constant, residue),
    terms: value.terms.map((term) => ({ source: term.source, factor: mul(term.factor, residue) })),
  };
}
