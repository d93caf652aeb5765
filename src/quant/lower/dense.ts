/** Gemm and MatMul with a constant matrix. */

import { floatAttribute, intAttribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { RealId } from "../realProgram.ts";
import { channelOrder } from "./channelAffine.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { elementOrder, identityPermutation, type Lowered } from "./layout.ts";

interface DenseWeights {
  /** [numOutputs, length]. */
  readonly weight: Float64Array;
  readonly numOutputs: number;
  readonly length: number;
  readonly bias: Float64Array | null;
  readonly weightName: string;
  readonly biasName: string;
}

/** The matrix as rows of one output each, every entry times `factor`. */
function weightRows(matrix: Tensor, hasOutputsFirst: boolean, factor: number): Float64Array {
  if (hasOutputsFirst) return Float64Array.from(matrix.data, (entry) => factor * entry);
  const [length, numOutputs] = matrix.shape;
  const rows = new Float64Array(length * numOutputs);
  for (let m = 0; m < numOutputs; m++) {
    for (let k = 0; k < length; k++) rows[m * length + k] = factor * matrix.data[k * numOutputs + m];
  }
  return rows;
}

/** One number per output from a constant that broadcasts along the last axis only. */
function perOutput(constant: Tensor, numOutputs: number): Float64Array {
  const { shape, data } = constant;
  if (data.length !== 1 && !(data.length === numOutputs && shape.at(-1) === numOutputs))
    throw new NotLowerable(`adds a constant of shape [${shape}], which is not one number per output`);
  return Float64Array.from({ length: numOutputs }, (_, m) => data[data.length === 1 ? 0 : m]);
}

function matrixInput(context: LoweringContext, node: Node, position: number): Tensor {
  const matrix = context.constantInput(node, position);
  if (matrix === undefined) throw new NotLowerable("multiplies two computed tensors");
  if (matrix.shape.length === 2) return matrix;
  throw new NotLowerable(`multiplies by a constant of shape [${matrix.shape}], not a matrix`);
}

/**
 * A tensor flattened from channels-last axes is not moved into the graph's order: the columns of the weight are. Null
 * where the last axis of the graph's tensor is not all of the value.
 */
function flattenedRead(
  context: LoweringContext,
  name: string,
  { weight, length, numOutputs }: DenseWeights,
): { readonly input: RealId; readonly weight: Float64Array } | null {
  const { flattened } = context.valueOf(name);
  if (flattened === null || elementCount(flattened) !== length) return null;
  const value: Lowered = context.settled(name);
  const positions = elementOrder(value);
  const moved = new Float64Array(weight.length);
  for (let m = 0; m < numOutputs; m++) {
    for (let k = 0; k < length; k++) moved[m * length + positions[k]] = weight[m * length + k];
  }
  const reshape = {
    kind: "reshape",
    name: `${name} (flatten)`,
    result: `${name} (in another order)`,
  } as const;
  return { input: context.add({ ...reshape, shape: flattened, input: value.id }), weight: moved };
}

/** y = weights · x along one axis of the graph's tensor `input`, plus the bias. */
function addDense(
  context: LoweringContext,
  node: Node,
  input: string,
  axis: number,
  weights: DenseWeights,
): void {
  const rank = context.shapeOf(input).length;
  const flat = axis === rank - 1 ? flattenedRead(context, input, weights) : null;
  const order = flat === null ? channelOrder(context, input, axis) : identityPermutation(rank);
  const id = flat?.input ?? context.read(input, order);
  const { weightName, biasName, bias, numOutputs, length } = weights;
  const part = {
    name: node.name,
    input: id,
    weightName,
    biasName,
    weightShape: [numOutputs, length],
    weight: flat?.weight ?? weights.weight,
    bias,
    geometry: null,
  };
  context.addFor(node.outputs[0], order, (result, shape) => ({
    kind: "sum",
    name: node.name,
    result,
    shape,
    parts: [part],
    terms: [],
    activation: null,
    sums: result,
  }));
}

/** A matrix over all elements of one sample. */
export interface WholeMatrix extends DenseWeights {
  readonly name: string;
  readonly input: string;
  readonly output: string;
}

/** y = weights · x over all elements of one sample, in the graph's order. */
export function addDenseStep(context: LoweringContext, matrix: WholeMatrix): void {
  const { name, input, output, weightName, biasName, weight, bias, numOutputs, length } = matrix;
  const plain = context.readPlain(input);
  const exactness = context.exactness(output);
  const named = (tensor: string, what: string): { name: string; result: string } => ({
    name: `${name} (${what} ${tensor})`,
    result: `${tensor} (${what})`,
  });
  const flat = context.add({
    kind: "reshape",
    ...named(input, "flatten"),
    shape: [length],
    input: plain,
    ...context.exactnessOf(plain),
  });
  const geometry = null;
  const part = {
    name,
    input: flat,
    weightName,
    biasName,
    weightShape: [numOutputs, length],
    weight,
    bias,
    geometry,
  };
  const sums = named(output, "in one axis").result;
  const id = context.add({
    kind: "sum",
    name,
    result: sums,
    shape: [numOutputs],
    parts: [part],
    terms: [],
    activation: null,
    sums,
    ...exactness,
  });
  context.addFor(output, identityPermutation(context.shapeOf(output).length), (result, shape) => ({
    kind: "reshape",
    ...named(output, "shape"),
    result,
    shape,
    input: id,
  }));
}

export const lowerGemm: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  if (input !== node.inputs[0]) throw new NotLowerable("multiplies a constant from the left");
  if (intAttribute(node, "transA", 0) === 1) throw new NotLowerable("transposes its input (transA)");
  const matrix = matrixInput(context, node, 1);
  const hasOutputsFirst = intAttribute(node, "transB", 0) === 1;
  const [numOutputs, length] = hasOutputsFirst ? matrix.shape : [matrix.shape[1], matrix.shape[0]];
  const constant = context.constantInput(node, 2);
  const beta = floatAttribute(node, "beta", 1);
  const bias = constant === undefined ? null : perOutput(constant, numOutputs).map((entry) => beta * entry);
  const weight = weightRows(matrix, hasOutputsFirst, floatAttribute(node, "alpha", 1));
  const [, weightName, biasName = ""] = node.inputs;
  const axis = context.shapeOf(input).length - 1;
  addDense(context, node, input, axis, { weight, numOutputs, length, bias, weightName, biasName });
};

export const lowerMatMul: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const isRight = input === node.inputs[1];
  const matrix = matrixInput(context, node, isRight ? 0 : 1);
  const [numOutputs, length] = isRight ? matrix.shape : [matrix.shape[1], matrix.shape[0]];
  const rank = context.shapeOf(input).length;
  const axis = rank - (isRight ? 2 : 1);
  if (axis < 0 || context.shapeOf(node.outputs[0]).length !== rank)
    throw new NotLowerable("multiplies a matrix and a vector from the left");
  const weight = weightRows(matrix, isRight, 1);
  const weightName = node.inputs[isRight ? 0 : 1];
  addDense(context, node, input, axis, { weight, numOutputs, length, bias: null, weightName, biasName: "" });
};
