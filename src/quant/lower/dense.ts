import { floatAttribute, intAttribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";

/** The constant matrix on the right-hand side as [numOutputs, length], each entry times `factor`. */
function weightRows(matrix: Tensor, isTransposed: boolean, factor: number): Float64Array {
  if (isTransposed) return Float64Array.from(matrix.data, (entry) => factor * entry);
  const [length, numOutputs] = matrix.shape;
  const rows = new Float64Array(length * numOutputs);
  for (let m = 0; m < numOutputs; m++) {
    for (let k = 0; k < length; k++) rows[m * length + k] = factor * matrix.data[k * numOutputs + m];
  }
  return rows;
}

/** One number per output from a constant that broadcasts along the last axis only. */
export function perOutput(constant: Tensor, numOutputs: number): Float64Array {
  const { shape, data } = constant;
  const count = data.length;
  if (count !== 1 && !(count === numOutputs && shape.at(-1) === numOutputs)) {
    throw new NotLowerable(
      `combines a constant of shape [${shape}], which is not one number per channel of the last axis`,
    );
  }
  return Float64Array.from({ length: numOutputs }, (_, m) => data[count === 1 ? 0 : m]);
}

function constantMatrix(context: LoweringContext, node: Node): Tensor {
  const matrix = context.constantInput(node, 1);
  if (matrix === undefined)
    throw new NotLowerable("multiplies two computed tensors, or a constant from the left");
  if (matrix.shape.length !== 2)
    throw new NotLowerable(`multiplies by a constant of shape [${matrix.shape}], not a matrix`);
  return matrix;
}

export const lowerGemm: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  if (intAttribute(node, "transA", 0) === 1) throw new NotLowerable("transposes its input (transA)");
  const matrix = constantMatrix(context, node);
  const isTransposed = intAttribute(node, "transB", 0) === 1;
  const [numOutputs, length] = isTransposed ? matrix.shape : [matrix.shape[1], matrix.shape[0]];
  const constant = context.constantInput(node, 2);
  const beta = floatAttribute(node, "beta", 1);
  const bias = constant === undefined ? null : perOutput(constant, numOutputs).map((entry) => beta * entry);
  const output = node.outputs[0];
  context.add({
    kind: "dense",
    name: node.name,
    input: context.idOf(input),
    graphValue: output,
    sumsValue: output,
    shape: context.shapeOf(output),
    weightName: node.inputs[1],
    biasName: node.inputs[2] ?? "",
    weight: weightRows(matrix, isTransposed, floatAttribute(node, "alpha", 1)),
    bias,
    numOutputs,
    length,
    activation: null,
  });
};

export const lowerMatMul: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const matrix = constantMatrix(context, node);
  const [length, numOutputs] = matrix.shape;
  const output = node.outputs[0];
  context.add({
    kind: "dense",
    name: node.name,
    input: context.idOf(input),
    graphValue: output,
    sumsValue: output,
    shape: context.shapeOf(output),
    weightName: node.inputs[1],
    biasName: "",
    weight: weightRows(matrix, false, 1),
    bias: null,
    numOutputs,
    length,
    activation: null,
  });
};
