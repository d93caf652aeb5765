/**
 * The plan as data: docs/spec/11-plan.md, 11.2.
 */
import { type F, p } from "./field.ts";

export type Holder = "public" | "parent" | "weights" | "input" | "output" | "advice";

export interface PlanTensor {
  readonly name: string;
  readonly axes: readonly number[];
  readonly holder: Holder;
}

/** Pair e: entry from[e] of the tensor's axis is read at the indices to[0][e], to[1][e], … of the wire's axes. */
export interface AxisMap {
  readonly from: readonly number[];
  readonly to: readonly (readonly number[])[];
}

/** Entries start … start + n − 1 of an axis of axisLength entries, n the length of the view axis. */
export interface Slice {
  readonly start: number;
  readonly axisLength: number;
}

/** How the view reads one axis of a tensor: along which of its own axes. */
export interface Wire {
  readonly axes: readonly number[];
  readonly map?: AxisMap | undefined;
  readonly slice?: Slice | undefined;
}

export interface TensorSource {
  readonly kind: "tensor";
  /** Number in the plan; "one" for the tensor 1. */
  readonly tensor: number | "one";
  readonly wires: readonly Wire[];
}

export interface LayerSource {
  readonly kind: "layer";
  readonly layer: number;
  /** View axis of each output axis. */
  readonly axes: readonly number[];
  /** As many as axes. */
  readonly slices: readonly (Slice | undefined)[];
}

export type Source =
  | TensorSource
  | LayerSource
  | { readonly kind: "index"; readonly axis: number }
  | { readonly kind: "values"; readonly values: readonly F[] };

export interface Term {
  readonly factor: F;
  readonly source: Source;
}

/** Value on the real cells of a view; elements of F are residues. */
export interface Expression {
  readonly constant: F;
  readonly terms: readonly Term[];
}

export interface Section {
  readonly name: string;
  readonly axes: readonly number[];
  readonly tag: number;
  readonly columns: readonly Expression[];
  /** Plan tensor of the multiplicities: a table. Without it: a lookup. */
  readonly multiplicity?: number | undefined;
}

export interface Operand {
  /** Axes of the layer, ascending. */
  readonly axes: readonly number[];
  readonly expression: Expression;
}

export interface Layer {
  readonly name: string;
  readonly axes: readonly number[];
  readonly numOutputAxes: number;
  readonly left: Operand;
  readonly right: Operand;
  /** Plan tensor. */
  readonly bias?: number | undefined;
}

export interface Equality {
  readonly name: string;
  readonly axes: readonly number[];
  readonly expression: Expression;
}

export interface Plan {
  readonly tensors: readonly PlanTensor[];
  readonly sections: readonly Section[];
  readonly layers: readonly Layer[];
  readonly equalities: readonly Equality[];
}

/** What a plan is derived from besides the program: 7.4, 11.5. */
export type Visibility = "public" | "committed" | "private";

export interface Visibilities {
  readonly input: Visibility;
  /** Hidden weights are committed in the key: "committed" and "private" mean the same. */
  readonly weights: Visibility;
  readonly output: Visibility;
}

/** A plan with the plan tensors that stand for tensors of the program. */
export interface InferencePlan extends Plan {
  /** Plan tensor of each constant, each input, each output; none for a private output. */
  readonly constantTensors: readonly number[];
  readonly inputTensors: readonly number[];
  readonly outputTensors: readonly (number | undefined)[];
}

export function numCells(axes: readonly number[]): number {
  return axes.reduce((product, length) => product * length, 1);
}

/** An expression that reads a plan tensor as it is, one wire for each axis. */
export function wholeTensor(tensor: number, numAxes: number): Expression {
  const wires = Array.from({ length: numAxes }, (_, axis) => ({ axes: [axis] }));
  return { constant: 0n, terms: [{ factor: 1n, source: { kind: "tensor", tensor, wires } }] };
}

export function addExpressions(a: Expression, b: Expression): Expression {
  return { constant: (a.constant + b.constant) % p, terms: [...a.terms, ...b.terms] };
}

export function scaleExpression(a: Expression, factor: F): Expression {
  const terms = a.terms.map((term) => ({ ...term, factor: (term.factor * factor) % p }));
  return { constant: (a.constant * factor) % p, terms };
}

export function subtractExpressions(a: Expression, b: Expression): Expression {
  return addExpressions(a, scaleExpression(b, p - 1n));
}

export function addConstant(a: Expression, constant: F): Expression {
  return { constant: (a.constant + constant) % p, terms: a.terms };
}
