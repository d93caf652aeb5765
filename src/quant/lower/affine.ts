/** Add, Sub, Mul, Div, BatchNormalization. */

import { floatAttribute } from "../../graph/attributes.ts";
import { bitsOf, INTEGER_RANGES, wrapped } from "../../graph/integers.ts";
import type { Node } from "../../graph/node.ts";
import { sameShape } from "../../tensor/shape.ts";
import { floatTensor, type IntegerType, type Tensor } from "../../tensor/tensor.ts";
import type { RealFunction } from "../realProgram.ts";
import { applyOperator, applyToEach, sameElements } from "./activation.ts";
import { addAffineAlong, addChannelAffine } from "./channelAffine.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { addMax, addProduct, addSum } from "./elementwise.ts";

interface ConstantOperand {
  readonly input: string;
  readonly name: string;
  readonly tensor: Tensor;
  /** Whether the constant is the left operand. */
  readonly isLeft: boolean;
  /** The constant is one number and the tensor keeps its shape. */
  readonly scalar: number | null;
}

/** The constant operand of a node, or null where both are computed. */
function constantOperand(context: LoweringContext, node: Node): ConstantOperand | null {
  const [left, right] = node.inputs;
  if (context.isData(left) && context.isData(right)) return null;
  const isLeft = !context.isData(left);
  const name = isLeft ? left : right;
  const input = isLeft ? right : left;
  const tensor = context.constant(name);
  if (tensor === undefined) throw new NotLowerable("lacks an operand");
  const keepsShape = sameShape(context.shapeOf(input), context.shapeOf(node.outputs[0]));
  return {
    input,
    name,
    tensor,
    isLeft,
    scalar: keepsShape && tensor.data.length === 1 ? context.finite(tensor.data[0]) : null,
  };
}

function keepsShape(context: LoweringContext, node: Node, { input }: ConstantOperand): boolean {
  return sameShape(context.shapeOf(input), context.shapeOf(node.outputs[0]));
}

/** Both operands are functions of the same elements: so is the result. */
function isOneFunction(context: LoweringContext, node: Node): boolean {
  const [left, right] = node.inputs.map((name) => context.valueOf(name));
  return sameElements(left, right);
}

function mapped(tensor: Tensor, f: (value: number) => number): Tensor {
  return floatTensor(tensor.shape, Float32Array.from(tensor.data, f));
}

function lowerSum(sign: 1 | -1): LoweringRule {
  return (context, node) => {
    const [left, right] = node.inputs;
    const constant = constantOperand(context, node);
    if (context.typeOf(node.outputs[0]) !== "float32") {
      lowerExactly(context, node, constant, (hidden) =>
        addSum(context, hidden, [
          { name: left, factor: 1 },
          { name: right, factor: sign },
        ]),
      );
      return;
    }
    if (constant === null) {
      if (isOneFunction(context, node)) applyOperator(context, node);
      else {
        addSum(context, node, [
          { name: left, factor: 1 },
          { name: right, factor: sign },
        ]);
      }
      return;
    }
    const { input, name, tensor, isLeft, scalar } = constant;
    const factor = isLeft ? sign : 1;
    const constantFactor = isLeft ? 1 : sign;
    if (scalar !== null) {
      applyToEach(context, node, input, { kind: "affine", factor, offset: constantFactor * scalar });
      return;
    }
    const affine = {
      name: node.name,
      input,
      output: node.outputs[0],
      factor: factor === 1 ? null : { name: "", tensor: floatTensor([1], [factor]) },
      offset: { name, tensor: mapped(tensor, (value) => constantFactor * value) },
    };
    if (keepsShape(context, node, constant) && addChannelAffine(context, affine)) return;
    addSum(context, node, [
      { name: left, factor: 1 },
      { name: right, factor: sign },
    ]);
  };
}

/** Integers of so few bits wrap where sums leave their type; wider ones are refused before they could. */
const MAX_WRAPPED_BITS = 16;

/**
 * Arithmetic on the model's own integers: a function of one tensor, or what `compute` adds for a node of the same inputs,
 * wrapped into the type.
 */
function lowerExactly(
  context: LoweringContext,
  node: Node,
  constant: ConstantOperand | null,
  compute: (node: Node) => void,
): void {
  const [output] = node.outputs;
  const type = context.typeOf(output) as IntegerType;
  if (constant === null ? isOneFunction(context, node) : constant.scalar !== null) {
    if (bitsOf(type) <= MAX_WRAPPED_BITS) {
      applyOperator(context, node);
      return;
    }
  }
  if (bitsOf(type) > MAX_WRAPPED_BITS) {
    compute(node);
    return;
  }
  const unwrapped = `${output} (unwrapped)`;
  context.hide(unwrapped, context.shapeOf(output), "int64");
  compute({ ...node, name: `${node.name} (unwrapped)`, outputs: [unwrapped] });
  const [lo, hi] = INTEGER_RANGES[type];
  const apply = (x: Float32Array): Float32Array => x.map((value) => wrapped(type, value));
  applyToEach(context, node, unwrapped, { kind: "map", apply, identityOn: { lo, hi } });
}

export const lowerAdd: LoweringRule = lowerSum(1);
export const lowerSub: LoweringRule = lowerSum(-1);

function lowerByFactor(
  context: LoweringContext,
  node: Node,
  constant: ConstantOperand,
  f: (x: number) => number,
): boolean {
  const { input, name, tensor, scalar } = constant;
  if (scalar !== null) {
    applyToEach(context, node, input, { kind: "affine", factor: f(scalar), offset: 0 });
    return true;
  }
  const factor = { name, tensor: mapped(tensor, f) };
  const affine = { name: node.name, input, output: node.outputs[0], factor, offset: null };
  return keepsShape(context, node, constant) && addChannelAffine(context, affine);
}

export const lowerMul: LoweringRule = (context, node) => {
  const constant = constantOperand(context, node);
  if (context.typeOf(node.outputs[0]) !== "float32") {
    lowerExactly(context, node, constant, (hidden) =>
      addProduct(context, hidden, [node.inputs[0], node.inputs[1]]),
    );
    return;
  }
  if (constant === null && isOneFunction(context, node)) applyOperator(context, node);
  else if (constant === null || !lowerByFactor(context, node, constant, (value) => value))
    addProduct(context, node, [node.inputs[0], node.inputs[1]]);
};

export const lowerDiv: LoweringRule = (context, node) => {
  const constant = constantOperand(context, node);
  if (context.typeOf(node.outputs[0]) !== "float32") {
    if (constant !== null && constant.scalar === null) throw new NotLowerable("divides integers by a tensor");
    if (constant === null && !isOneFunction(context, node))
      throw new NotLowerable("divides integers by a tensor");
    applyOperator(context, node);
    return;
  }
  if (constant === null || constant.isLeft) {
    if (constant !== null || isOneFunction(context, node)) applyOperator(context, node);
    else throw new NotLowerable("divides by a computed tensor");
    return;
  }
  if (!lowerByFactor(context, node, constant, (value) => 1 / value))
    throw new NotLowerable("divides by a constant that varies along several axes");
};

/** Max with one number is a function; with another tensor a comparison. Min: only the former. */
export const lowerMax: LoweringRule = (context, node) => {
  if (node.inputs.length !== 2) throw new NotLowerable("compares more than two tensors");
  const constant = constantOperand(context, node);
  if (constant !== null && constant.scalar !== null) {
    const f: RealFunction = { kind: "clamp", lo: constant.scalar, hi: Number.POSITIVE_INFINITY };
    applyToEach(context, node, constant.input, f);
  } else if (constant === null && isOneFunction(context, node)) applyOperator(context, node);
  else addMax(context, node, [node.inputs[0], node.inputs[1]]);
};

export const lowerMin: LoweringRule = (context, node) => {
  const constant = node.inputs.length === 2 ? constantOperand(context, node) : null;
  if (constant === null || constant.scalar === null) {
    applyOperator(context, node);
    return;
  }
  const f: RealFunction = { kind: "clamp", lo: Number.NEGATIVE_INFINITY, hi: constant.scalar };
  applyToEach(context, node, constant.input, f);
};

/** (x − mean) / sqrt(variance + epsilon) · scale + shift, channels on the axis after the batch. */
export const lowerBatchNormalization: LoweringRule = (context, node) => {
  const epsilon = floatAttribute(node, "epsilon", 1e-5);
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((position) => {
    const constant = context.constantInput(node, position);
    if (constant === undefined) throw new NotLowerable("has parameters that are not constant");
    return constant.data;
  });
  const [input, factorName, offsetName] = node.inputs;
  const factor = Float64Array.from(scale, (entry, channel) => entry / Math.sqrt(variance[channel] + epsilon));
  const offset = factor.map((entry, channel) => shift[channel] - entry * mean[channel]);
  const axis = context.graph.batched ? 0 : 1;
  if (context.shapeOf(input).length <= axis) throw new NotLowerable("normalises a tensor without channels");
  const names = { name: node.name, input, output: node.outputs[0] };
  addAffineAlong(context, names, axis, factor, offset, { factor: factorName, offset: offsetName });
};
