/** Support vector machines: a kernel of the row with each support vector, and weighted sums of these. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { floatTensor, intTensor, type Tensor } from "../../tensor/tensor.ts";
import type { PlainAttributes } from "../operators/expansion.ts";
import { KERNEL_FUNCTION } from "../operators/kernelFunction.ts";
import { WIDE_LINEAR } from "../operators/wideLinear.ts";
import { WIDE_QUADRATIC } from "../operators/wideQuadratic.ts";

export const KERNELS = ["linear", "rbf", "poly", "sigmoid"] as const;
export type Kernel = (typeof KERNELS)[number];

/** score_m = Σ_s coefficients[m][s] · kernel(x, vectors[s]) + intercepts[m]. */
export interface KernelMachine {
  readonly kernel: Kernel;
  readonly gamma: number;
  readonly coef0: number;
  readonly degree: number;
  readonly vectors: readonly (readonly number[])[];
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
}

/** x·Q·x + W·x + b, Q shared by all; null: no Q. */
export interface KernelArguments {
  readonly weight: readonly (readonly number[])[];
  readonly bias: readonly number[];
  /** [1, F, F] */
  readonly quadratic: Float64Array | null;
}

const MAX_VECTORS = 2 ** 14;
const MAX_NUMBERS = 2 ** 22;
const MAX_DEGREE = 16;

/** @throws TensorproofError `model.malformed` */
export function checkMachine(where: string, machine: KernelMachine): void {
  const { vectors, coefficients, degree, gamma, coef0 } = machine;
  const refuse = (reason: string): TensorproofError =>
    new TensorproofError("model.malformed", `${where}: ${reason}`, { where });
  if (vectors.length < 1 || vectors.length > MAX_VECTORS)
    throw refuse(`has ${vectors.length} support vectors; 1 to ${MAX_VECTORS} are supported`);
  const [{ length: numFeatures }] = vectors;
  if (numFeatures === 0) throw refuse("has no features");
  if (vectors.length * (numFeatures + coefficients.length) > MAX_NUMBERS || numFeatures ** 2 > MAX_NUMBERS)
    throw refuse(`has more than ${MAX_NUMBERS} numbers`);
  if (coefficients.some((row) => row.length !== vectors.length))
    throw refuse("has another number of coefficients than of support vectors");
  if (!Number.isInteger(degree) || degree < 1 || degree > MAX_DEGREE)
    throw refuse(`the degree ${degree} is not supported; 1 to ${MAX_DEGREE} are`);
  if (
    ![gamma, coef0, ...vectors.flat(), ...coefficients.flat(), ...machine.intercepts].every(Number.isFinite)
  )
    throw refuse("has a number that is not finite");
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, j) => sum + value * b[j], 0);

/** What the kernel's function is applied to, for each support vector; of a linear kernel the scores themselves. */
export function kernelArguments(machine: KernelMachine): KernelArguments {
  const { kernel, gamma, coef0, vectors, coefficients, intercepts } = machine;
  const [{ length: numFeatures }] = vectors;
  switch (kernel) {
    case "linear": {
      const weight = coefficients.map((row) =>
        Array.from({ length: numFeatures }, (_, j) => row.reduce((sum, c, s) => sum + c * vectors[s][j], 0)),
      );
      return { weight, bias: intercepts, quadratic: null };
    }
    case "rbf": {
      // −γ|x − v|²
      const quadratic = new Float64Array(numFeatures ** 2);
      for (let j = 0; j < numFeatures; j++) quadratic[j * numFeatures + j] = -gamma;
      const weight = vectors.map((v) => v.map((value) => 2 * gamma * value));
      return { weight, bias: vectors.map((v) => -gamma * dot(v, v)), quadratic };
    }
    default: {
      const weight = vectors.map((v) => v.map((value) => gamma * value));
      return { weight, bias: vectors.map(() => coef0), quadratic: null };
    }
  }
}

/** Where nodes are added; `internal` says that the operator is one that model files do not have. */
export interface NodeWriter {
  readonly add: (operator: string, inputs: readonly string[], attributes?: PlainAttributes) => string;
  readonly internal: (operator: string, inputs: readonly string[], attributes?: PlainAttributes) => string;
  readonly constant: (tensor: Tensor) => string;
}

/** Adds the machine and returns the scores. `inputs`: tensors that together are the rows. */
export function addKernelMachine(
  writer: NodeWriter,
  machine: KernelMachine,
  { weight, bias, quadratic }: KernelArguments,
  inputs: readonly string[],
): string {
  const matrix = (rows: readonly (readonly number[])[]): string =>
    writer.constant(floatTensor([rows.length, rows[0].length], rows.flat()));
  const vector = (values: readonly number[]): string =>
    writer.constant(floatTensor([values.length], [...values]));
  const [w, b] = [matrix(weight), vector(bias)];
  const size = weight[0].length;
  // Of pairs' scores only the signs count.
  const free = { compared: 0 };
  const sums =
    quadratic === null
      ? writer.internal(WIDE_LINEAR, [w, b, ...inputs], free)
      : writer.internal(
          WIDE_QUADRATIC,
          [w, b, writer.constant(floatTensor([1, size, size], Float32Array.from(quadratic))), ...inputs],
          free,
        );
  const { kernel, degree, coefficients, intercepts } = machine;
  if (kernel === "linear") return sums;
  const kernels = writer.internal(KERNEL_FUNCTION, [sums], { kernel, degree });
  return writer.internal(WIDE_LINEAR, [matrix(coefficients), vector(intercepts), kernels], free);
}

/**
 * One row of coefficients for each pair i < j of classes, from libsvm's: row j − 1 for vectors of class i, row i for those of
 * class j. `counts`: vectors of each class.
 */
export function pairCoefficients(
  dual: readonly (readonly number[])[],
  counts: readonly number[],
): number[][] {
  const starts = counts.map((_, m) => counts.slice(0, m).reduce((sum, count) => sum + count, 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.flatMap((_, i) =>
    counts.slice(i + 1).map((_, after) => {
      const j = i + 1 + after;
      const row = new Array<number>(total).fill(0);
      for (let s = starts[i]; s < starts[i] + counts[i]; s++) row[s] = dual[j - 1][s];
      for (let s = starts[j]; s < starts[j] + counts[j]; s++) row[s] = dual[i][s];
      return row;
    }),
  );
}

/** The class that wins most pairs, the first one among equals: pair (i, j) is won by i where its score is above 0. */
export function addVote(writer: NodeWriter, scores: string, numClasses: number): string {
  const votes: number[][] = [];
  const base = new Array<number>(numClasses).fill(0);
  for (let i = 0; i < numClasses; i++) {
    for (let j = i + 1; j < numClasses; j++) {
      votes.push(Array.from({ length: numClasses }, (_, m) => (m === i ? 1 : 0) - (m === j ? 1 : 0)));
      base[j]++;
    }
  }
  const above = writer.add("Greater", [scores, writer.constant(floatTensor([], [0]))]);
  const won = writer.add("Cast", [above], { to: 7 });
  const matrix = writer.constant(intTensor([votes.length, numClasses], votes.flat()));
  const differences = writer.add("MatMul", [won, matrix]);
  const total = writer.add("Add", [differences, writer.constant(intTensor([numClasses], base))]);
  return writer.add("ArgMax", [total], { axis: -1, keepdims: 0 });
}
