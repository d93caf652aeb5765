/** SVMClassifier and SVMRegressor, as libsvm trains them. */

import { intTensor } from "../../../tensor/tensor.ts";
import { attribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import { requiredFacts } from "../../operator.ts";
import {
  addKernelMachine,
  addVote,
  checkMachine,
  KERNELS,
  type KernelMachine,
  kernelArguments,
  type NodeWriter,
  pairCoefficients,
} from "../../svm/kernelMachine.ts";
import type { Body, Expand } from "../expansion.ts";
import { badAttribute, labelsOf, numbersOf, transformed, transformOf } from "./labels.ts";

function writerOf(body: Body): NodeWriter {
  return {
    add: (...given) => body.add(...given),
    internal: (...given) => body.addInternal(...given),
    constant: (tensor) => body.constant(tensor),
  };
}

/** `length` numbers each. */
function rowsOf(node: Node, name: string, length: number): number[][] {
  const values = numbersOf(node, name);
  if (values.length === 0 || values.length % length !== 0)
    throw badAttribute(node, `${values.length} ${name} for rows of ${length}`);
  return Array.from({ length: values.length / length }, (_, row) =>
    values.slice(row * length, (row + 1) * length),
  );
}

function kernelOf(node: Node): Pick<KernelMachine, "kernel" | "gamma" | "coef0" | "degree"> {
  const name = (attribute(node, "kernel_type", "string") ?? "LINEAR").toLowerCase();
  const kernel = KERNELS.find((known) => known === name);
  if (kernel === undefined)
    throw badAttribute(node, `the kernel ${name} is not supported; ${KERNELS.join(", ")} are`);
  const [gamma = 0, coef0 = 0, degree = 3] = numbersOf(node, "kernel_params");
  return { kernel, gamma, coef0, degree };
}

export const svmRegressor: Expand = (body, node, inputs) => {
  const numFeatures = requiredFacts(node, inputs, 0).shape.at(-1) ?? 0;
  if ((attribute(node, "one_class", "int") ?? 0) !== 0)
    throw badAttribute(node, "machines of one class are not supported");
  // Without support vectors the coefficients weigh the features.
  const isLinear = (attribute(node, "n_supports", "int") ?? 0) === 0;
  const coefficients = [numbersOf(node, "coefficients")];
  const unit = Array.from({ length: isLinear ? numFeatures : 0 }, (_, i) =>
    Array.from({ length: numFeatures }, (_, j) => Number(i === j)),
  );
  const vectors = isLinear ? unit : rowsOf(node, "support_vectors", numFeatures);
  const [rho = 0] = numbersOf(node, "rho");
  const machine = { ...kernelOf(node), vectors, coefficients, intercepts: [rho] };
  checkMachine(`node "${node.name}"`, machine);
  const scores = addKernelMachine(writerOf(body), machine, kernelArguments(machine), [node.inputs[0]]);
  return [transformed(body, scores, transformOf(node))];
};

export const svmClassifier: Expand = (body, node, inputs) => {
  const numFeatures = requiredFacts(node, inputs, 0).shape.at(-1) ?? 0;
  const { count, values } = labelsOf(node);
  if (numbersOf(node, "prob_a").length > 0)
    throw badAttribute(node, "calibrates probabilities; train and export with probability=False");
  if (transformOf(node) !== "NONE")
    throw badAttribute(node, `the transformation ${transformOf(node)} of pairs' scores is not supported`);
  const counts = numbersOf(node, "vectors_per_class");
  if (counts.length !== count || count < 2)
    throw badAttribute(node, `has support vectors of ${counts.length} classes, but ${count} labels`);
  const vectors = rowsOf(node, "support_vectors", numFeatures);
  const dual = rowsOf(node, "coefficients", vectors.length);
  const intercepts = numbersOf(node, "rho");
  if (
    !counts.every((n) => Number.isInteger(n) && n >= 0) ||
    counts.reduce((a, b) => a + b, 0) !== vectors.length
  )
    throw badAttribute(node, `vectors_per_class do not add up to ${vectors.length} support vectors`);
  if (dual.length !== count - 1 || intercepts.length !== (count * (count - 1)) / 2)
    throw badAttribute(node, `has coefficients or intercepts of another number than ${count} classes need`);
  const machine = { ...kernelOf(node), vectors, coefficients: pairCoefficients(dual, counts), intercepts };
  checkMachine(`node "${node.name}"`, machine);
  const writer = writerOf(body);
  const scores = addKernelMachine(writer, machine, kernelArguments(machine), [node.inputs[0]]);
  const index = addVote(writer, scores, count);
  const isPosition = values === null || values.every((value, i) => value === i);
  const label = isPosition
    ? index
    : body.add("Gather", [body.constant(intTensor([count], [...values])), index]);
  // Runtimes put out a pair's score twice where there are two classes.
  if (count > 2) return [label, scores];
  return [label, body.add("Concat", [body.add("Neg", [scores]), scores], { axis: -1 })];
};
