/**
 * The graph keeps channels first, the program last. A value carries the order of its axes along instead of being moved:
 * element-wise steps keep it, a graph's own transpositions change only the bookkeeping, and axes are moved where
 * something reads them in another order.
 */

import type { Shape } from "../../tensor/shape.ts";
import type { RealFunction, RealId } from "../realProgram.ts";

/** A function of each element that has not become a step yet: more may follow. */
export interface PendingFunction {
  readonly function: RealFunction;
  /** Of the last node in it. */
  readonly name: string;
  readonly graphValue: string;
}

/** How a tensor of the graph comes from a value. */
export interface Lowered {
  readonly id: RealId;
  /** Of the value. */
  readonly shape: Shape;
  /** Axis i of the graph's tensor (before flattening) is axis permutation[i] of the value. */
  readonly permutation: readonly number[];
  /** The graph's tensor has this shape, its elements in the order after the permutation; null: no such step. */
  readonly flattened: Shape | null;
  /** Null: none. */
  readonly pending: PendingFunction | null;
}

export function identityPermutation(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** Axis 0 of the graph's tensor, the channels, is the last axis. */
export function channelsLast(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis === 0 ? rank - 1 : axis - 1));
}

export function sameAxes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((axis, at) => axis === b[at]);
}

export function isIdentity(permutation: readonly number[]): boolean {
  return permutation.every((axis, at) => axis === at);
}

/** The shape of the graph's tensor before flattening. */
export function graphShapeOf({ shape, permutation }: Lowered): number[] {
  return permutation.map((axis) => shape[axis]);
}

/** For each element of the graph's tensor in its order, the position of it in the value. */
export function elementOrder({ shape, permutation }: Pick<Lowered, "shape" | "permutation">): Int32Array {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  let order = Int32Array.of(0);
  for (const axis of permutation) {
    const next = new Int32Array(order.length * shape[axis]);
    for (let i = 0; i < order.length; i++) {
      for (let j = 0; j < shape[axis]; j++) next[i * shape[axis] + j] = order[i] + j * strides[axis];
    }
    order = next;
  }
  return order;
}
