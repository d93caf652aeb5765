/** Support vector machines (SVC, SVR) as scikit-learn's attributes describe them. */

import type { Attribute } from "../../graph/node.ts";
import { INTERNAL_DOMAIN } from "../../graph/operators/internal.ts";
import {
  addKernelMachine,
  addVote,
  checkMachine,
  KERNELS,
  type KernelMachine,
  kernelArguments,
  type NodeWriter,
  pairCoefficients,
} from "../../graph/svm/kernelMachine.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import type { DraftBuilder } from "../draftBuilder.ts";
import { type Json, malformedAt } from "../tabular/json.ts";
import { checkForm, type Form, interceptsOf, rowsOf, unscaled } from "./form.ts";

export interface Svm {
  readonly machine: KernelMachine;
  /** Arguments of the kernel, over the features as they are given. */
  readonly form: Form;
  /** 0: a regression. */
  readonly numClasses: number;
}

export function readSvm(root: Json, fileName: string): Svm {
  const name = root.at("kernel").text();
  const kernel = KERNELS.find((known) => known === name);
  if (kernel === undefined)
    throw malformedAt(root.at("kernel").path, `expected one of ${KERNELS.join(", ")}, found "${name}"`);
  const number = (key: string, otherwise: number): number =>
    root.has(key) ? root.at(key).number() : otherwise;
  const vectors = root.at("support_vectors").matrix();
  const dual = rowsOf(root.at("dual_coef"));
  const counts = root.has("n_support")
    ? root
        .at("n_support")
        .list()
        .map((entry) => entry.count(0))
    : [];
  const isPairs = counts.length > 2;
  if (isPairs && (dual.length !== counts.length - 1 || counts.reduce((a, b) => a + b, 0) !== vectors.length))
    throw malformedAt(root.at("n_support").path, "does not fit support_vectors and dual_coef");
  if (!isPairs && dual.length !== 1) throw malformedAt(root.at("dual_coef").path, "expected one row");
  if (dual.some((row) => row.length !== vectors.length))
    throw malformedAt(root.at("dual_coef").path, `expected a number for each of ${vectors.length} vectors`);
  const coefficients = isPairs ? pairCoefficients(dual, counts) : dual;
  const intercepts = interceptsOf(root, coefficients.length);
  const machine = {
    kernel,
    gamma: number("gamma", 0),
    coef0: number("coef0", 0),
    degree: number("degree", 3),
    vectors,
    coefficients,
    intercepts,
  };
  checkMachine(fileName, machine);
  const numFeatures = vectors[0].length;
  const form = unscaled({ ...kernelArguments(machine), numFeatures, task: "votes" }, root);
  checkForm(form, fileName);
  return { machine, form, numClasses: counts.length };
}

function writerOf(builder: DraftBuilder): NodeWriter {
  const add =
    (domain: string): NodeWriter["add"] =>
    (operator, inputs, attributes = {}) => {
      const output = builder.unique(operator);
      const typed = Object.entries(attributes).map(([key, value]): [string, Attribute] => [
        key,
        typeof value === "string" ? { type: "string", value } : { type: "int", value: Number(value) },
      ]);
      builder.addNode({
        name: output,
        operator,
        domain,
        inputs,
        output,
        attributes: Object.fromEntries(typed),
      });
      return output;
    };
  return {
    add: add(""),
    internal: add(INTERNAL_DOMAIN),
    constant: (tensor) => builder.addConstant("machine", tensor),
  };
}

/** Adds the machine with its outputs. */
export function addSvm(
  builder: DraftBuilder,
  { machine, form, numClasses }: Svm,
  inputs: readonly string[],
): void {
  const writer = writerOf(builder);
  const named = (operator: string, input: readonly string[], output: string): void => {
    builder.addNode({ name: output, operator, inputs: input, output });
    builder.addOutput(output);
  };
  const scores = addKernelMachine(writer, machine, form, inputs);
  if (numClasses === 0) {
    named("Identity", [scores], "prediction");
    return;
  }
  // Of two classes the first one has the score 0.
  const both = (): string => {
    const weight = builder.addConstant("second class", floatTensor([1, 2], [0, 1]));
    return writer.add("MatMul", [scores, weight]);
  };
  const label =
    numClasses > 2
      ? addVote(writer, scores, numClasses)
      : writer.add("ArgMax", [both()], { axis: -1, keepdims: 0 });
  named("Identity", [label], "label");
  named("Identity", [scores], "scores");
}
