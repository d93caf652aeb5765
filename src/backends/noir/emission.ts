/** What statements of the generated model are made from. */
import type { ConstantId, ProgramOperator, TensorId } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { CircuitPlan } from "../r1cs/circuitPlan.ts";
import { bitLength } from "../r1cs/gadgets/bits.ts";
import type { BigRange } from "../r1cs/gadgets/shiftClamp.ts";
import type { UniqueNames } from "../uniqueNames.ts";

export interface Emission {
  readonly plan: CircuitPlan;
  readonly names: UniqueNames;
  /** By TensorId: the array that holds it. */
  readonly tensors: readonly string[];
  /** The expression of a constant's integers: a global, or a part of the hidden weights. */
  readonly constant: (id: ConstantId) => string;
  /** Adds a global array of these integers and returns its path. */
  readonly table: (name: string, values: readonly bigint[], type?: "Field" | "u32") => string;
  readonly line: (text: string) => void;
}

export function sizeOf({ plan }: Emission, id: TensorId): number {
  return elementCount(plan.program.tensors[id].shape);
}

/** Declares an array in between, of so many elements, and returns its name. */
export function between(
  emission: Emission,
  operator: ProgramOperator,
  part: string,
  size: number,
  expression: string,
): string {
  const name = emission.names.of(`${emission.tensors[operator.output]}_${part}`);
  emission.line(`let ${name}: [Field; ${size}] = ${expression};`);
  return name;
}

/** n with |x| ≤ 2^n for every x of the range that is negative and x < 2^n for every other. */
export function signedBits({ lo, hi }: BigRange): number {
  const positive = bitLength(hi < 0n ? 0n : hi);
  const negative = lo < 0n ? bitLength(-lo - 1n) : 0;
  return Math.max(1, positive, negative);
}

/** Bits of a number from 0 to `largest`, at least one. */
export function naturalBits(largest: bigint): number {
  return Math.max(1, bitLength(largest));
}

/** "x + 5", "x - 5" or "x". */
export function plus(x: string, value: bigint): string {
  if (value === 0n) return x;
  return value > 0n ? `${x} + ${value}` : `${x} - ${-value}`;
}
