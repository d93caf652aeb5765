/**
 * Virtual index space of a tensor with axes (a_1, …, a_m): bits(a_1) ‖ … ‖ bits(a_m), every axis padded to a power of two.
 * "Real" cells are those inside the axes' true lengths; the multilinear extension of a tensor is that of its extension
 * by zero to the padding cells.
 */
import { type Ext, mul, ONE, ZERO } from "../field/ext.ts";
import { eqPrefixSum, type Point } from "../poly/eq.ts";
import type { AlignedSlice } from "./plan.ts";

/**
 * Bits that index `length` positions: 0 for 1, 1 for 2, 2 for 3 and 4. Exact for every safe integer from 1 on: engines
 * may round Math.log2 differently, and plans must not differ by that.
 */
export function axisBits(length: number): number {
  const high = Math.floor((length - 1) / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(length - 1);
}

export function totalBits(axes: readonly number[]): number {
  return axes.reduce((sum, length) => sum + axisBits(length), 0);
}

export function realCells(axes: readonly number[]): number {
  return axes.reduce((product, length) => product * length, 1);
}

/** The coordinates of each axis, in order. */
export function splitPoint(axes: readonly number[], point: Point): Point[] {
  if (point.length !== totalBits(axes))
    throw new RangeError(`point of ${point.length} coordinates for axes ${axes}`);
  let at = 0;
  return axes.map((length) => {
    const bits = axisBits(length);
    at += bits;
    return point.slice(at - bits, at);
  });
}

/** Coordinates along an axis of which a view reads an aligned slice: fixed high bits, then the view's own. */
export function sliceCoordinates(slice: AlignedSlice | undefined, own: Point): Point {
  if (slice === undefined) return own;
  const numFixed = axisBits(slice.axisLength) - own.length;
  const index = slice.start / 2 ** own.length;
  const fixed = Array.from({ length: numFixed }, (_, i) =>
    Math.floor(index / 2 ** (numFixed - 1 - i)) % 2 === 1 ? ONE : ZERO,
  );
  return [...fixed, ...own];
}

/** Multilinear extension, at a point, of the indicator of the real cells. */
export function realIndicator(axes: readonly number[], point: Point): Ext {
  const parts = splitPoint(axes, point);
  return axes.reduce((product, length, i) => mul(product, eqPrefixSum(parts[i], length)), ONE);
}

/** Virtual index of each real cell, in row-major order of the real cells: calls back with (real index, virtual index). */
export function forEachRealCell(
  axes: readonly number[],
  visit: (real: number, virtual: number) => void,
): void {
  const last = axes.length === 0 ? 1 : axes[axes.length - 1];
  const outer = axes.slice(0, -1);
  const numOuter = realCells(outer);
  const index = outer.map(() => 0);
  const lastSize = 2 ** axisBits(last);
  for (let row = 0; row < numOuter; row++) {
    let base = 0;
    for (let i = 0; i < outer.length; i++) base = base * 2 ** axisBits(outer[i]) + index[i];
    for (let i = 0; i < last; i++) visit(row * last + i, base * lastSize + i);
    for (let i = outer.length - 1; i >= 0; i--) {
      if (++index[i] < outer[i]) break;
      index[i] = 0;
    }
  }
}
