/** Functions of one element: Relu and its kin, Sigmoid and its kin, Tanh and Clip. */

import { elementTypeOf, zeros } from "../../tensor/tensor.ts";
import { floatAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor } from "../operator.ts";

function pointwise(operator: string, functionOf: (node: Node) => (x: number) => number): OperatorDefinition {
  return {
    operator,
    infer(node, inputs) {
      const { shape, type } = requiredFacts(node, inputs, 0);
      return [{ shape, type }];
    },
    evaluate(node, inputs) {
      const input = requiredTensor(node, inputs, 0);
      const f = functionOf(node);
      const output = zeros(elementTypeOf(input), input.shape);
      for (let i = 0; i < output.data.length; i++) output.data[i] = f(input.data[i]);
      return [output];
    },
  };
}

/** 1 / (1 + e^−x), without overflow for large |x|. */
function sigmoidOf(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

// Written so that NaN stays NaN, which Math.max(x, 0) does too but `x > 0 ? x : 0` would not.
export const relu: OperatorDefinition = pointwise("Relu", () => (x) => Math.max(x, 0));

export const leakyRelu: OperatorDefinition = pointwise("LeakyRelu", (node) => {
  const slope = floatAttribute(node, "alpha", 0.01);
  return (x) => (x < 0 ? slope * x : x);
});

export const sigmoid: OperatorDefinition = pointwise("Sigmoid", () => sigmoidOf);

export const tanh: OperatorDefinition = pointwise("Tanh", () => Math.tanh);

export const hardSigmoid: OperatorDefinition = pointwise("HardSigmoid", (node) => {
  const slope = floatAttribute(node, "alpha", 0.2);
  const middle = floatAttribute(node, "beta", 0.5);
  return (x) => Math.min(Math.max(slope * x + middle, 0), 1);
});

export const hardSwish: OperatorDefinition = pointwise(
  "HardSwish",
  () => (x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1),
);

export const elu: OperatorDefinition = pointwise("Elu", (node) => {
  const alpha = floatAttribute(node, "alpha", 1);
  return (x) => (x < 0 ? alpha * Math.expm1(x) : x);
});

/** log(1 + e^x), without overflow for large x. */
export const softplus: OperatorDefinition = pointwise(
  "Softplus",
  () => (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
);

/** Bounds are attributes before operator set 11 and optional scalar inputs since. */
export const clip: OperatorDefinition = {
  operator: "Clip",
  mayBeInfinite: [1, 2],
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    return [{ shape, type }];
  },
  evaluate(node, inputs, [shape]) {
    const input = requiredTensor(node, inputs, 0);
    const lo = inputs[1]?.data[0] ?? floatAttribute(node, "min", Number.NEGATIVE_INFINITY);
    const hi = inputs[2]?.data[0] ?? floatAttribute(node, "max", Number.POSITIVE_INFINITY);
    const output = zeros(elementTypeOf(input), shape);
    for (let i = 0; i < output.data.length; i++) output.data[i] = Math.min(Math.max(input.data[i], lo), hi);
    return [output];
  },
};
