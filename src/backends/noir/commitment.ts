/** Integers bound by Poseidon2: packed as many to a field element as are sure to fit, after a random salt. */
import type { IntRange } from "../../program/program.ts";
import { bitLength } from "../r1cs/gadgets/bits.ts";
import type { Commit } from "../statement/commit.ts";
import { poseidon2Hash } from "./poseidon2.ts";

/** Fewer than the field's bits, so that a pack is an integer below its order. */
const PACK_BITS = 248;

export interface Packing {
  /** Bits of one value, counted from the lowest of its range. */
  readonly width: number;
  /** Values of one field element. */
  readonly each: number;
}

export function packingOf({ lo, hi }: IntRange): Packing {
  const width = Math.max(1, bitLength(BigInt(hi) - BigInt(lo)));
  return { width, each: Math.floor(PACK_BITS / width) };
}

/** Field elements that so many values of a range are packed into. */
export function numPacks(range: IntRange, count: number): number {
  return Math.ceil(count / packingOf(range).each);
}

export const poseidon2Commitment: Commit = (salt, rows) => {
  const elements = [salt];
  for (const { range, values } of rows) {
    const { width, each } = packingOf(range);
    for (let at = 0; at < values.length; at += each) {
      let pack = 0n;
      for (let i = Math.min(at + each, values.length) - 1; i >= at; i--)
        pack = (pack << BigInt(width)) + BigInt(values[i] - range.lo);
      elements.push(pack);
    }
  }
  return poseidon2Hash(elements);
};
