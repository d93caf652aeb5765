import type { IntRange } from "../../program/program.ts";

/** The integers that a quantised model stores. */
export type ByteType = "int8" | "uint8";

/** How the 8-bit integers of a tensor mean reals: scale · (q − zeroPoint), with the float32 scale of the file. */
export interface ByteQuant {
  readonly type: ByteType;
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Every integer of the type. */
export function byteRange(type: ByteType): IntRange {
  return type === "int8" ? { lo: -128, hi: 127 } : { lo: 0, hi: 255 };
}

export function sameQuant(a: ByteQuant, b: ByteQuant): boolean {
  return a.type === b.type && a.scale === b.scale && a.zeroPoint === b.zeroPoint;
}

export function clampTo({ lo, hi }: IntRange, value: number): number {
  return Math.min(Math.max(value, lo), hi);
}

/** One entry for each integer of the type, lowest first: any function of a stored integer. */
export function tableOf(type: ByteType, value: (q: number) => number): Int32Array {
  const { lo, hi } = byteRange(type);
  return Int32Array.from({ length: hi - lo + 1 }, (_, index) => value(lo + index));
}
