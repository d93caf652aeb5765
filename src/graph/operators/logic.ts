/** Comparisons, logic on truth values, and operators on the bits of integers. */

import { attribute } from "../attributes.ts";
import { bitsOf } from "../integers.ts";
import type { OperatorDefinition } from "../operator.ts";
import { broadcasting, type Combine } from "./broadcasting.ts";

function truth(operator: string, holds: (a: number, b: number) => boolean): OperatorDefinition {
  return broadcasting(operator, {
    combineOf: () => (a, b) => (holds(a, b) ? 1 : 0),
    result: "bool",
    mayBeInfinite: true,
  });
}

/** BigInt tells all bits of an integer apart; JavaScript's own operators see 32. */
function onBits(operator: string, combine: (a: bigint, b: bigint) => bigint): OperatorDefinition {
  const apply: Combine = (a, b) => Number(combine(BigInt(a), BigInt(b)));
  return broadcasting(operator, { combineOf: () => apply });
}

const bitShift: OperatorDefinition = broadcasting("BitShift", {
  combineOf: (node, type) => {
    const isLeft = attribute(node, "direction", "string") === "LEFT";
    const width = type === "float32" ? 64 : bitsOf(type);
    if (!isLeft) return (a, b) => (b >= width ? 0 : Math.floor(a / 2 ** b));
    return (a, b) => (b >= width ? 0 : a * 2 ** b);
  },
});

export const LOGIC: readonly OperatorDefinition[] = [
  truth("Equal", (a, b) => a === b),
  truth("Less", (a, b) => a < b),
  truth("LessOrEqual", (a, b) => a <= b),
  truth("Greater", (a, b) => a > b),
  truth("GreaterOrEqual", (a, b) => a >= b),
  truth("And", (a, b) => a !== 0 && b !== 0),
  truth("Or", (a, b) => a !== 0 || b !== 0),
  truth("Xor", (a, b) => (a !== 0) !== (b !== 0)),
  onBits("BitwiseAnd", (a, b) => a & b),
  onBits("BitwiseOr", (a, b) => a | b),
  onBits("BitwiseXor", (a, b) => a ^ b),
  bitShift,
];
