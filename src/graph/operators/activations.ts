/** Activation functions: Relu and its kin, Sigmoid and its kin, Gelu and its kin, Tanh and Clip. */

import { elementTypeOf, zeros } from "../../tensor/tensor.ts";
import { attribute, floatAttribute } from "../attributes.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor } from "../operator.ts";
import { errorFunction } from "./functions.ts";
import { pointwise } from "./pointwise.ts";

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
function softplusOf(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export const softplus: OperatorDefinition = pointwise("Softplus", () => softplusOf);

/** The largest α of float32 that ONNX states for Selu, and γ. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_GAMMA = 1.0507009873554805;

export const selu: OperatorDefinition = pointwise("Selu", (node) => {
  const alpha = floatAttribute(node, "alpha", SELU_ALPHA);
  const gamma = floatAttribute(node, "gamma", SELU_GAMMA);
  return (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x));
});

export const celu: OperatorDefinition = pointwise("Celu", (node) => {
  const alpha = floatAttribute(node, "alpha", 1);
  return (x) => Math.max(x, 0) + Math.min(0, alpha * Math.expm1(x / alpha));
});

export const softsign: OperatorDefinition = pointwise("Softsign", () => (x) => x / (1 + Math.abs(x)));

export const mish: OperatorDefinition = pointwise("Mish", () => (x) => x * Math.tanh(softplusOf(x)));

/** x · sigmoid(α x). */
export const swish: OperatorDefinition = pointwise("Swish", (node) => {
  const alpha = floatAttribute(node, "alpha", 1);
  return (x) => x * sigmoidOf(alpha * x);
});

/** x · Φ(x), Φ the normal distribution or its approximation by tanh. */
export const gelu: OperatorDefinition = pointwise("Gelu", (node) =>
  attribute(node, "approximate", "string") === "tanh"
    ? (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
    : (x) => 0.5 * x * (1 + errorFunction(x / Math.SQRT2)),
);

export const thresholdedRelu: OperatorDefinition = pointwise("ThresholdedRelu", (node) => {
  const alpha = floatAttribute(node, "alpha", 1);
  return (x) => (x > alpha ? x : 0);
});

export const shrink: OperatorDefinition = pointwise("Shrink", (node) => {
  const bias = floatAttribute(node, "bias", 0);
  const lambd = floatAttribute(node, "lambd", 0.5);
  return (x) => (x < -lambd ? x + bias : x > lambd ? x - bias : 0);
});

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
