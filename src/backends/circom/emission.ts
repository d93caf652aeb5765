/** What statements of the main template are made from. */
import type { ConstantId, ProgramOperator, TensorId } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { CircuitPlan } from "../r1cs/circuitPlan.ts";
import { bitLength } from "../r1cs/gadgets/bits.ts";
import type { BigRange } from "../r1cs/gadgets/shiftClamp.ts";
import type { UniqueNames } from "../uniqueNames.ts";

export interface Emission {
  readonly plan: CircuitPlan;
  readonly names: UniqueNames;
  /** By TensorId: the signal array that holds it. */
  readonly signals: string[];
  /** Call of the function that returns a constant's integers. */
  readonly constantCall: (id: ConstantId) => string;
  /** Adds a function that returns these integers, and returns its call. */
  readonly table: (name: string, values: readonly bigint[]) => string;
  readonly line: (text: string) => void;
}

export function sizeOf({ plan }: Emission, id: TensorId): number {
  return elementCount(plan.program.tensors[id].shape);
}

/** Declares the signal of the operator's output and assigns it. */
export function assign(emission: Emission, operator: ProgramOperator, expression: string): void {
  const { signals, line } = emission;
  line(`signal ${signals[operator.output]}[${sizeOf(emission, operator.output)}] <== ${expression};`);
}

/** Declares an array in between and returns its name. */
export function between(
  emission: Emission,
  operator: ProgramOperator,
  part: string,
  expression: string,
): string {
  const name = emission.names.of(`${emission.signals[operator.output]}_${part}`);
  emission.line(`signal ${name}[${sizeOf(emission, operator.output)}] <== ${expression};`);
  return name;
}

/** Bits of a value in this range as the templates count them: with a sign if it can be negative. */
export function bitsFor({ lo, hi }: BigRange): { readonly bits: number; readonly isSigned: boolean } {
  if (lo >= 0n) return { bits: Math.max(1, bitLength(hi)), isSigned: false };
  const magnitude = Math.max(bitLength(hi < 0n ? 0n : hi), bitLength(-lo - 1n));
  return { bits: magnitude + 1, isSigned: true };
}

/** k with |x| < 2^k for all x between −largest and largest. */
export function magnitudeBits(largest: bigint): number {
  return Math.max(1, bitLength(largest));
}
