/** Functions of one number: powers, exponentials, trigonometry, rounding, and tests that give truth values. */

import { intAttribute } from "../attributes.ts";
import type { OperatorDefinition } from "../operator.ts";
import { pointwise } from "./pointwise.ts";
import { roundHalfEven } from "./quantize.ts";

/**
 * The error function by its series for small arguments and the continued fraction of its complement for large ones
 * (Abramowitz and Stegun 7.1.6 and 7.1.14), to double precision.
 */
export function errorFunction(x: number): number {
  const z = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return Math.sign(x) * ((2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum);
  }
  let fraction = z;
  for (let k = 80; k >= 1; k--) fraction = z + k / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction));
}

const SIMPLE: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Neg: (x) => 0 - x,
  Sign: Math.sign,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: (x) => (Number.isFinite(x) ? roundHalfEven(x) : x),
  Reciprocal: (x) => 1 / x,
  Sqrt: Math.sqrt,
  Exp: Math.exp,
  Log: Math.log,
  Erf: errorFunction,
  Sin: Math.sin,
  Cos: Math.cos,
  Tan: Math.tan,
  Asin: Math.asin,
  Acos: Math.acos,
  Atan: Math.atan,
  Sinh: Math.sinh,
  Cosh: Math.cosh,
  Asinh: Math.asinh,
  Acosh: Math.acosh,
  Atanh: Math.atanh,
  Not: (x) => (x === 0 ? 1 : 0),
};

const notANumber: OperatorDefinition = pointwise("IsNaN", () => (x) => (Number.isNaN(x) ? 1 : 0), "bool");

const infinite: OperatorDefinition = pointwise(
  "IsInf",
  (node) => {
    const detectsNegative = intAttribute(node, "detect_negative", 1) !== 0;
    const detectsPositive = intAttribute(node, "detect_positive", 1) !== 0;
    return (x) =>
      (x === Number.POSITIVE_INFINITY && detectsPositive) ||
      (x === Number.NEGATIVE_INFINITY && detectsNegative)
        ? 1
        : 0;
  },
  "bool",
);

/** ~x: −1 − x in two's complement, which wraps to the type. */
const bitwiseNot: OperatorDefinition = pointwise("BitwiseNot", (_, type) =>
  type === "uint64" ? (x) => 2 ** 53 - 1 - x : (x) => -1 - x,
);

export const FUNCTIONS: readonly OperatorDefinition[] = [
  ...Object.entries(SIMPLE).map(([operator, f]) => pointwise(operator, () => f)),
  notANumber,
  infinite,
  bitwiseNot,
];
