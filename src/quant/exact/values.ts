/** What the lowering knows of each tensor of a quantised graph. */

import type { TensorId } from "../../program/program.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { ClampBounds } from "./activationRange.ts";
import type { ByteQuant, ByteType } from "./byteQuant.ts";

/**
 * A tensor of the program with its axes in another order: axis i of the view is axis permutation[i] of the tensor.
 * Models compute channels first where programs and TensorFlow Lite keep channels last; most reorderings cancel, and
 * those that do never reach the program.
 */
export interface View {
  readonly id: TensorId;
  readonly permutation: readonly number[];
}

/** What a result is to become: integers of this meaning, clamped to these reals, under this name. */
export interface Target {
  readonly quant: ByteQuant;
  readonly bounds: ClampBounds;
  readonly name: string;
}

/** 8-bit integers as the model stores them. */
export interface IntegersValue {
  readonly kind: "integers";
  readonly view: View;
  readonly type: ByteType;
}

/** The reals that stored integers stand for. */
export interface RealValue {
  readonly kind: "real";
  readonly view: View;
  readonly quant: ByteQuant;
  /** Whether an operator that moves elements made it from those integers. */
  readonly isMoved: boolean;
}

/** A result in reals. Its integers are computed when a QuantizeLinear says what they are to mean. */
export interface PendingValue {
  readonly kind: "pending";
  readonly finish: (target: Target) => View;
  /** Whether an activation may still be absorbed into the result. */
  readonly isOpen: boolean;
  readonly bounds: ClampBounds;
}

/** A dequantised trained tensor: scales and zero points per tensor, or per index of `axis`. */
export interface ConstantValue {
  readonly kind: "constant";
  readonly shape: Shape;
  readonly data: Float64Array;
  readonly type: ByteType | "int32";
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
  readonly name: string;
}

/** Scores instead of the probabilities that the model makes of them at its end. */
export interface StrippedValue {
  readonly kind: "stripped";
  readonly scores: RealValue;
  readonly operator: string;
}

/** Indices of largest entries. */
export interface IndexValue {
  readonly kind: "index";
  readonly id: TensorId;
}

export type Value = IntegersValue | RealValue | PendingValue | ConstantValue | StrippedValue | IndexValue;

/** The axes in their own order. */
export function identityPermutation(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

export function isIdentity(permutation: readonly number[]): boolean {
  return permutation.every((axis, index) => axis === index);
}

/** The permutation that undoes this one. */
export function inversePermutation(permutation: readonly number[]): number[] {
  const inverse = new Array<number>(permutation.length);
  permutation.forEach((axis, index) => {
    inverse[axis] = index;
  });
  return inverse;
}
