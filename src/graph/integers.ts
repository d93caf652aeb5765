/** What integers of a type are, and how arithmetic on them wraps. */

import type { ElementType, IntegerType } from "../tensor/tensor.ts";

/** Smallest and largest integer of each type; 64-bit ones as far as doubles tell integers apart. */
export const INTEGER_RANGES: Readonly<Record<IntegerType, readonly [number, number]>> = {
  bool: [0, 1],
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

const BITS: Readonly<Record<IntegerType, number>> = {
  bool: 1,
  int8: 8,
  uint8: 8,
  int16: 16,
  uint16: 16,
  int32: 32,
  uint32: 32,
  int64: 64,
  uint64: 64,
};

/** Width of an integer type in bits. */
export function bitsOf(type: IntegerType): number {
  return BITS[type];
}

export function isSigned(type: IntegerType): boolean {
  return INTEGER_RANGES[type][0] < 0;
}

/** The integer of this type that is congruent to `value` mod 2^bits; reals and 64-bit integers stay as they are. */
export function wrapped(type: ElementType, value: number): number {
  if (type === "float32" || BITS[type] === 64) return value;
  const [lo, hi] = INTEGER_RANGES[type];
  if (value >= lo && value <= hi) return value;
  const modulus = 2 ** BITS[type];
  const residue = ((value % modulus) + modulus) % modulus;
  return residue > hi ? residue - modulus : residue;
}
