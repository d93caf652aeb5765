/** Operators that multiply by and add constants, one per channel: they become part of the dense layer before them. */

import { floatAttribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DenseStep } from "../realProgram.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { perOutput } from "./dense.ts";

/** y = factor[m] · x + offset[m] for channel m of the last axis. */
interface ChannelAffine {
  readonly factor: Float64Array;
  readonly offset: Float64Array;
}

function absorb(
  context: LoweringContext,
  node: Node,
  affineFor: (numOutputs: number) => ChannelAffine,
): void {
  const open = context.openDense(context.dataInput(node));
  if (open === undefined)
    throw new NotLowerable("does not directly follow a dense layer that nothing else reads");
  const { numOutputs, length } = open;
  const { factor, offset } = affineFor(numOutputs);
  const output = node.outputs[0];
  const bias = Float64Array.from(offset, (entry, m) => factor[m] * (open.bias?.[m] ?? 0) + entry);
  const extended: DenseStep = {
    ...open,
    graphValue: output,
    sumsValue: output,
    weight: open.weight.map((entry, index) => factor[Math.floor(index / length)] * entry),
    bias,
    biasName:
      open.biasName === ""
        ? (node.inputs.find((name) => context.graph.initializers.has(name)) ?? "")
        : open.biasName,
  };
  if (context.shapeOf(output).at(-1) !== numOutputs)
    throw new NotLowerable("stretches its input to another shape");
  context.extend(open, extended);
}

function constantOperand(context: LoweringContext, node: Node): { constant: Tensor; position: number } {
  const position = context.constantInput(node, 0) === undefined ? 1 : 0;
  const constant = context.constantInput(node, position);
  if (constant === undefined)
    throw new NotLowerable("combines two computed tensors; only constants may be combined with one");
  return { constant, position };
}

export const lowerAdd: LoweringRule = (context, node) => {
  const { constant } = constantOperand(context, node);
  absorb(context, node, (count) => ({
    factor: new Float64Array(count).fill(1),
    offset: perOutput(constant, count),
  }));
};

export const lowerSub: LoweringRule = (context, node) => {
  const { constant, position } = constantOperand(context, node);
  const sign = position === 0 ? -1 : 1;
  absorb(context, node, (count) => ({
    factor: new Float64Array(count).fill(sign),
    offset: perOutput(constant, count).map((entry) => -sign * entry),
  }));
};

export const lowerMul: LoweringRule = (context, node) => {
  const { constant } = constantOperand(context, node);
  absorb(context, node, (count) => ({ factor: perOutput(constant, count), offset: new Float64Array(count) }));
};

export const lowerDiv: LoweringRule = (context, node) => {
  const { constant, position } = constantOperand(context, node);
  if (position === 0) throw new NotLowerable("divides by a computed tensor");
  absorb(context, node, (count) => ({
    factor: perOutput(constant, count).map((entry) => 1 / entry),
    offset: new Float64Array(count),
  }));
};

/** (x − mean) / sqrt(variance + epsilon) · scale + shift, channels on the last axis. */
export const lowerBatchNormalization: LoweringRule = (context, node) => {
  if (context.shapeOf(context.dataInput(node)).length !== 1) {
    throw new NotLowerable(
      "normalises a tensor of several axes; only the output of a dense layer is supported",
    );
  }
  const epsilon = floatAttribute(node, "epsilon", 1e-5);
  const parameter = (position: number, count: number): Float64Array => {
    const constant = context.constantInput(node, position);
    if (constant === undefined) throw new NotLowerable("has parameters that are not constant");
    return perOutput(constant, count);
  };
  absorb(context, node, (count) => {
    const [scale, shift, mean, variance] = [1, 2, 3, 4].map((position) => parameter(position, count));
    const factor = scale.map((entry, m) => entry / Math.sqrt(variance[m] + epsilon));
    return { factor, offset: shift.map((entry, m) => entry - factor[m] * mean[m]) };
  });
};
