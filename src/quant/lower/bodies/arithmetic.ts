/** Arithmetic whose operands are all computed, in operators that have integer forms. */

import { attribute, intAttribute } from "../../../graph/attributes.ts";
import { requiredFacts } from "../../../graph/operator.ts";
import type { Body, Expand } from "../../../graph/operators/expansion.ts";
import { intTensor } from "../../../tensor/tensor.ts";

const FLOAT = 1;
const INT64 = 7;

/** A chain of an operator of two operands. */
export function chained(operator: string): Expand {
  return (body, node) => {
    const [first, ...others] = node.inputs;
    const chain = others.reduce((left, right) => body.add(operator, [left, right]), first);
    return [others.length === 0 ? body.add("Identity", [first]) : chain];
  };
}

export const mean: Expand = (body, node, inputs) => {
  const [sum] = chained("Add")(body, node, inputs);
  return [body.add("Mul", [sum, body.real(1 / node.inputs.length)])];
};

/** min(a, b) = −max(−a, −b). */
export const minimum: Expand = (body, node, inputs) => {
  const isReal = requiredFacts(node, inputs, 0).type === "float32";
  // Unsigned integers have no negative ones until they are wider.
  const wide = isReal ? node.inputs : node.inputs.map((name) => body.add("Cast", [name], { to: INT64 }));
  const negated = wide.map((name) => body.add("Neg", [name]));
  const most = negated.slice(1).reduce((left, right) => body.add("Max", [left, right]), negated[0]);
  const least = body.add("Neg", [most]);
  return [isReal ? least : body.add("CastLike", [least, node.inputs[0]])];
};

/** b + c · (a − b), c the condition as a number. */
export const where: Expand = (body, node, inputs) => {
  const [condition, chosen, other] = node.inputs;
  const { type } = requiredFacts(node, inputs, 1);
  const c = body.add("Cast", [condition], { to: type === "float32" ? FLOAT : INT64 });
  return [body.add("Add", [other, body.add("Mul", [c, body.add("Sub", [chosen, other])])])];
};

/** Reals divide by multiplying with a reciprocal; integers towards zero, by the quotient of the magnitudes. */
export const divide: Expand = (body, node, inputs) => {
  const [a, b] = node.inputs;
  if (requiredFacts(node, inputs, 0).type === "float32")
    return [body.add("Mul", [a, body.add("Reciprocal", [b])])];
  const quotient = body.addInternal(
    "FloorDivide",
    [a, b].map((name) => body.add("Abs", [name])),
  );
  const sign = body.add("Mul", [body.add("Sign", [a]), body.add("Sign", [b])]);
  return [body.add("Mul", [sign, quotient])];
};

/** Of reals: x^y = e^(y · ln x), for bases above 0. */
export const power: Expand = (body, node) => {
  const [base, exponent] = node.inputs;
  const y = body.add("Cast", [exponent], { to: FLOAT });
  return [body.add("Exp", [body.add("Mul", [y, body.add("Log", [base])])])];
};

/** n − d · floor(n / d), of magnitudes with the dividend's sign (fmod) or with the divisor's. */
export const modulo: Expand = (body, node, inputs) => {
  const [a, b] = node.inputs;
  const isReal = requiredFacts(node, inputs, 0).type === "float32";
  if (isReal) {
    const quotient = body.add("Mul", [a, body.add("Reciprocal", [b])]);
    const sign = body.add("Sign", [quotient]);
    const whole = body.add("Mul", [sign, body.add("Floor", [body.add("Abs", [quotient])])]);
    return [body.add("Sub", [a, body.add("Mul", [b, whole])])];
  }
  const sign = body.add("Sign", [intAttribute(node, "fmod", 0) === 1 ? a : b]);
  const divisor = body.add("Abs", [b]);
  const dividend = intAttribute(node, "fmod", 0) === 1 ? body.add("Abs", [a]) : body.add("Mul", [sign, a]);
  const quotient = body.addInternal("FloorDivide", [dividend, divisor]);
  const rest = body.add("Sub", [dividend, body.add("Mul", [divisor, quotient])]);
  return [body.add("Mul", [sign, rest])];
};

/** Bounds that are computed. */
export const clip: Expand = (body, node) => {
  const [x, lo = "", hi = ""] = node.inputs;
  const raised = lo === "" ? x : body.add("Max", [x, lo]);
  return [hi === "" ? body.add("Identity", [raised]) : body.add("Min", [raised, hi])];
};

/** max(x, 0) + slope · min(x, 0). */
export const prelu: Expand = (body, node) => {
  const [x, slope] = node.inputs;
  const positive = body.add("Relu", [x]);
  const negative = body.add("Sub", [x, positive]);
  return [body.add("Add", [positive, body.add("Mul", [slope, negative])])];
};

/** Integers of this many bits meet in one table. */
const LIMB_BITS = 8;
const [UINT8, INT8] = [2, 3];

/** Bit by bit on wide integers: limb by limb from below, the last one with the sign. */
export function bitwise(limbs: number): Expand {
  return (body, node) => {
    const split = (name: string): string[] => {
      let rest = body.add("Cast", [name], { to: INT64 });
      return Array.from({ length: limbs }, (_, i) => {
        if (i === limbs - 1) return body.add("Cast", [rest], { to: INT8 });
        const high = body.addInternal("FloorDivide", [rest, int(body, 2 ** LIMB_BITS)]);
        const low = body.add("Sub", [rest, body.add("Mul", [high, int(body, 2 ** LIMB_BITS)])]);
        rest = high;
        return body.add("Cast", [low], { to: UINT8 });
      });
    };
    const [a, b] = node.inputs.map((name) => split(name));
    const sum = a
      .map((limb, i) => {
        const part = body.add("Cast", [body.add(node.operator, [limb, b[i]])], { to: INT64 });
        return body.add("Mul", [part, int(body, 2 ** (LIMB_BITS * i))]);
      })
      .reduce((total, part) => body.add("Add", [total, part]));
    return [body.add("CastLike", [sum, node.inputs[0]])];
  };
}

/** a · 2^b or floor(a / 2^b). */
export const bitShift: Expand = (body, node) => {
  const [a, b] = node.inputs;
  const wide = body.add("Cast", [a], { to: INT64 });
  const factor = body.add("Pow", [int(body, 2), body.add("Cast", [b], { to: INT64 })]);
  const isLeft = attribute(node, "direction", "string") === "LEFT";
  const shifted = isLeft ? body.add("Mul", [wide, factor]) : body.addInternal("FloorDivide", [wide, factor]);
  return [body.add("CastLike", [shifted, a])];
};

function int(body: Body, value: number): string {
  return body.constant(intTensor([], [value]));
}
