/**
 * K = F[i][u]/(i² + 1, u² − 2 − i), four elements per 64-byte line, coordinate c of all four in the c-th vector.
 *
 * The product (a0, a1, a2, a3)·(b0, b1, b2, b3) is four dot products of a with columns made from b:
 *   c0 = (b0, −b1, d2, −d3)·a   c1 = (b1, b0, d3, d2)·a   c2 = (b2, −b3, b0, −b1)·a   c3 = (b3, b2, b1, b0)·a
 * with d2 + d3·i = (2 + i)(b2 + b3·i). Products are added up in 64 bits and reduced once.
 */
import { add, dot, dotHigh, dotLow, neg, P, partial, reduce, sub, sumLanes, wrap } from "./field";

// @ts-ignore: decorator
@inline
export const LINE: usize = 64;

/** Coordinate c of the line at `line`. */
// @ts-ignore: decorator
@inline
export function coordinate(line: usize, c: usize): v128 {
  return v128.load(line + (c << 4));
}

// @ts-ignore: decorator
@inline
export function storeLine(line: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
  v128.store(line, wrap(c0), 0);
  v128.store(line, wrap(c1), 16);
  v128.store(line, wrap(c2), 32);
  v128.store(line, wrap(c3), 48);
}

/** Coordinate c of the scalar at `scalar`, in all lanes. */
// @ts-ignore: decorator
@inline
export function scalarCoordinate(scalar: usize, c: usize): v128 {
  return v128.load_splat<u32>(scalar + (c << 2));
}

/** 2·b2 − b3, the real part of (2 + i)(b2 + b3·i). */
// @ts-ignore: decorator
@inline
export function twistReal(b2: v128, b3: v128): v128 {
  return sub(add(b2, b2), b3);
}

/** b2 + 2·b3, its imaginary part. */
// @ts-ignore: decorator
@inline
export function twistImaginary(b2: v128, b3: v128): v128 {
  return add(b2, add(b3, b3));
}

/** Lanes below `count` all ones, the others zero; 0 ≤ count ≤ 4. */
export function laneMask(count: u32): v128 {
  return i32x4.gt_s(i32x4.splat(<i32>count), i32x4(0, 1, 2, 3));
}

/** out += the four lane sums, each given as two pairs of 64-bit lanes. */
export function addToScalar(
  out: usize,
  lo0: v128, hi0: v128, lo1: v128, hi1: v128,
  lo2: v128, hi2: v128, lo3: v128, hi3: v128,
): void {
  addToWord(out, sumLanes(lo0, hi0));
  addToWord(out + 4, sumLanes(lo1, hi1));
  addToWord(out + 8, sumLanes(lo2, hi2));
  addToWord(out + 12, sumLanes(lo3, hi3));
}

function addToWord(at: usize, value: u32): void {
  const sum = load<u32>(at) + value;
  store<u32>(at, sum >= P ? sum - P : sum);
}
