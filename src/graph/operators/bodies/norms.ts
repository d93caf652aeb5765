/** Normalisations as bodies of simpler operators. */

import { attribute, floatAttribute, intAttribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import { requiredFacts, type ValueFacts } from "../../operator.ts";
import { requiredAxis } from "../axes.ts";
import type { Body, Expand } from "../expansion.ts";

type Facts = readonly (ValueFacts | undefined)[];

function rankOf(node: Node, inputs: Facts): number {
  return requiredFacts(node, inputs, 0).shape.length;
}

interface Moments {
  readonly mean: string;
  /** x − mean. */
  readonly centred: string;
  /** 1 / sqrt(variance + epsilon). */
  readonly inverse: string;
}

function inverseRoot(body: Body, variance: string, epsilon: number): string {
  return body.add("Reciprocal", [body.add("Sqrt", [body.add("Add", [variance, body.real(epsilon)])])]);
}

function moments(body: Body, x: string, axes: readonly number[], epsilon: number): Moments {
  const along = body.integers(...axes);
  const mean = body.add("ReduceMean", [x, along]);
  const centred = body.add("Sub", [x, mean]);
  const variance = body.add("ReduceMean", [body.add("Mul", [centred, centred]), along]);
  return { mean, centred, inverse: inverseRoot(body, variance, epsilon) };
}

function scaledAndShifted(body: Body, x: string, scale: string, shift: string): string {
  const scaled = scale === "" ? x : body.add("Mul", [x, scale]);
  return shift === "" ? scaled : body.add("Add", [scaled, shift]);
}

const EPSILON = 1e-5;

export const layerNormalization: Expand = (body, node, inputs) => {
  const { shape } = requiredFacts(node, inputs, 0);
  const first = requiredAxis(node, intAttribute(node, "axis", -1), shape);
  const axes = shape.map((_, axis) => axis).slice(first);
  const [x, scale = "", shift = ""] = node.inputs;
  const { mean, centred, inverse } = moments(body, x, axes, floatAttribute(node, "epsilon", EPSILON));
  return [scaledAndShifted(body, body.add("Mul", [centred, inverse]), scale, shift), mean, inverse];
};

export const rmsNormalization: Expand = (body, node, inputs) => {
  const { shape } = requiredFacts(node, inputs, 0);
  const first = requiredAxis(node, intAttribute(node, "axis", -1), shape);
  const axes = body.integers(...shape.map((_, axis) => axis).slice(first));
  const [x, scale = ""] = node.inputs;
  const square = body.add("ReduceMean", [body.add("Mul", [x, x]), axes]);
  const inverse = inverseRoot(body, square, floatAttribute(node, "epsilon", EPSILON));
  return [scaledAndShifted(body, body.add("Mul", [x, inverse]), scale, "")];
};

/** A vector over the channels, made to broadcast over [N, C, …]. */
function perChannel(body: Body, vector: string, count: number, rank: number): string {
  return body.reshape(vector, [1, count, ...new Array<number>(rank - 2).fill(1)]);
}

export const instanceNormalization: Expand = (body, node, inputs) => {
  const rank = rankOf(node, inputs);
  const channels = requiredFacts(node, inputs, 0).shape[1];
  const [x, scale, shift] = node.inputs;
  const axes = Array.from({ length: rank - 2 }, (_, i) => i + 2);
  const { centred, inverse } = moments(body, x, axes, floatAttribute(node, "epsilon", EPSILON));
  const normal = body.add("Mul", [centred, inverse]);
  const [factor, offset] = [scale, shift].map((vector) => perChannel(body, vector, channels, rank));
  return [scaledAndShifted(body, normal, factor, offset)];
};

/** Before operator set 21 scale and bias are per group. */
export const groupNormalization: Expand = (body, node, inputs) => {
  const { shape } = requiredFacts(node, inputs, 0);
  const [samples, channels, ...spatial] = shape;
  const groups = intAttribute(node, "num_groups", 1);
  const [x, scale, shift] = node.inputs;
  const grouped = body.reshape(x, [samples, groups, channels / groups, ...spatial]);
  const axes = Array.from({ length: shape.length - 1 }, (_, i) => i + 2);
  const { centred, inverse } = moments(body, grouped, axes, floatAttribute(node, "epsilon", EPSILON));
  const normal = body.add("Mul", [centred, inverse]);
  const isPerGroup = node.opset < 21;
  const [factor, offset] = [scale, shift].map((vector) =>
    perChannel(body, vector, isPerGroup ? groups : channels, isPerGroup ? shape.length + 1 : shape.length),
  );
  if (isPerGroup) return [body.reshape(scaledAndShifted(body, normal, factor, offset), shape)];
  return [scaledAndShifted(body, body.reshape(normal, shape), factor, offset)];
};

export const meanVarianceNormalization: Expand = (body, node) => {
  const axes = attribute(node, "axes", "ints") ?? [0, 2, 3];
  const { centred, inverse } = moments(body, node.inputs[0], axes, 0);
  return [body.add("Mul", [centred, inverse])];
};

/** A line of zeros stays one. */
export const lpNormalization: Expand = (body, node) => {
  const [x] = node.inputs;
  const axes = body.integers(intAttribute(node, "axis", -1));
  const norm = body.add(intAttribute(node, "p", 2) === 1 ? "ReduceL1" : "ReduceL2", [x, axes]);
  const isZero = body.add("Equal", [norm, body.real(0)]);
  return [body.add("Div", [x, body.add("Where", [isZero, body.real(1), norm])])];
};

/** x / (bias + alpha / size · Σ x²)^beta, the sum over a window of channels. */
export const localResponseNormalization: Expand = (body, node, inputs) => {
  const { shape } = requiredFacts(node, inputs, 0);
  const [x] = node.inputs;
  const size = intAttribute(node, "size", 1);
  const [samples, channels, ...spatial] = shape;
  const area = spatial.reduce((product, length) => product * length, 1);
  const before = Math.floor((size - 1) / 2);
  const rows = body.reshape(body.add("Mul", [x, x]), [samples, 1, channels, area]);
  const mean = body.add("AveragePool", [rows], {
    kernel_shape: [size, 1],
    pads: [before, 0, size - 1 - before, 0],
    count_include_pad: 1,
  });
  const alpha = body.real(floatAttribute(node, "alpha", 1e-4));
  const base = body.add("Add", [body.add("Mul", [mean, alpha]), body.real(floatAttribute(node, "bias", 1))]);
  const factor = body.add("Pow", [base, body.real(-floatAttribute(node, "beta", 0.75))]);
  return [body.add("Mul", [x, body.reshape(factor, shape)])];
};
