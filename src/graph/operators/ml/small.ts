/** Operators of ONNX-ML that prepare rows or pass on what classifiers put out. */

import { floatTensor } from "../../../tensor/tensor.ts";
import { attribute, floatAttribute } from "../../attributes.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor } from "../../operator.ts";
import type { Expand } from "../expansion.ts";
import { badAttribute, labelOf, labelsOf, numbersOf, transformed, transformOf } from "./labels.ts";

/** Turns probabilities into a map from labels: the probabilities are what there is to prove. */
export const zipMap: OperatorDefinition = {
  operator: "ZipMap",
  infer: (node, inputs) => [requiredFacts(node, inputs, 0)],
  evaluate: (node, inputs) => [requiredTensor(node, inputs, 0)],
  expand: (node) => ({ nodes: [], constants: new Map(), outputs: [node.inputs[0]] }),
};

/** (x − offset) · scale, with one offset and scale for each feature or one for all. */
export const scaler: Expand = (body, node) => {
  const apply = (operator: string, x: string, name: string): string => {
    const values = numbersOf(node, name);
    if (values.length === 0) return x;
    return body.add(operator, [x, body.constant(floatTensor([values.length], [...values]))]);
  };
  const moved = apply("Sub", node.inputs[0], "offset");
  return [body.add("Identity", [apply("Mul", moved, "scale")])];
};

/** 1 where x is above the threshold, else 0. */
export const binarizer: Expand = (body, node) => {
  const above = body.add("Greater", [node.inputs[0], body.real(floatAttribute(node, "threshold", 0))]);
  return [body.add("Cast", [above], { to: 1 })];
};

/** Columns of the last axis. */
export const arrayFeatureExtractor: Expand = (body, node) => [
  body.add("Gather", [node.inputs[0], node.inputs[1]], { axis: -1 }),
];

const NORMS: Readonly<Record<string, string>> = { L1: "ReduceL1", L2: "ReduceL2" };

export const normalizer: Expand = (body, node) => {
  const norm = attribute(node, "norm", "string") ?? "MAX";
  if (!Object.hasOwn(NORMS, norm))
    throw badAttribute(node, `the norm ${norm} is not supported; L1 and L2 are`);
  const length = body.add(NORMS[norm], [node.inputs[0], body.integers(-1)], { keepdims: 1 });
  return [body.add("Div", [node.inputs[0], length])];
};

/** Rows of coefficients, one for each target, and its intercepts. */
function linearOf(node: Parameters<Expand>[1], numFeatures: number): { weight: number[]; bias: number[] } {
  const weight = [...numbersOf(node, "coefficients")];
  const rows = weight.length / numFeatures;
  const bias = [...numbersOf(node, "intercepts")];
  if (!Number.isInteger(rows) || rows < 1)
    throw badAttribute(node, `${weight.length} coefficients for ${numFeatures} features`);
  return { weight, bias: bias.length === 0 ? new Array<number>(rows).fill(0) : bias };
}

function addLinear(
  body: Parameters<Expand>[0],
  x: string,
  weight: number[],
  bias: number[],
  numFeatures: number,
): string {
  const rows = weight.length / numFeatures;
  const [w, b] = [floatTensor([rows, numFeatures], weight), floatTensor([rows], bias)];
  return body.add("Gemm", [x, body.constant(w), body.constant(b)], { transB: 1 });
}

export const linearRegressor: Expand = (body, node, inputs) => {
  const numFeatures = requiredFacts(node, inputs, 0).shape.at(-1) ?? 0;
  const { weight, bias } = linearOf(node, numFeatures);
  const sums = addLinear(body, node.inputs[0], weight, bias, numFeatures);
  return [transformed(body, sums, transformOf(node))];
};

export const linearClassifier: Expand = (body, node, inputs) => {
  const numFeatures = requiredFacts(node, inputs, 0).shape.at(-1) ?? 0;
  const { weight, bias } = linearOf(node, numFeatures);
  const { count, values } = labelsOf(node);
  if (weight.length / numFeatures !== count)
    throw badAttribute(node, `${weight.length / numFeatures} rows of coefficients for ${count} classes`);
  const scores = addLinear(body, node.inputs[0], weight, bias, numFeatures);
  return [labelOf(body, scores, values), transformed(body, scores, transformOf(node))];
};
