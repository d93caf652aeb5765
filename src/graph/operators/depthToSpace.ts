/** DepthToSpace and SpaceToDepth: channels become blocks of pixels and the other way round. */

import { formatShape, type Shape } from "../../tensor/shape.ts";
import { reshaped, type Tensor } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";
import { transposedTensor } from "./transpose.ts";

function blockOf(node: Node): number {
  return intAttribute(node, "blocksize", 0);
}

/** The elements as `shape`, with its axes in `order`, as `output`. */
function rearranged(input: Tensor, shape: Shape, order: readonly number[], output: Shape): Tensor {
  return reshaped(transposedTensor(reshaped(input, shape), order), output);
}

export const depthToSpace: OperatorDefinition = {
  operator: "DepthToSpace",
  unsupported: (node) => {
    const mode = attribute(node, "mode", "string") ?? "DCR";
    return mode === "DCR" || mode === "CRD" ? undefined : `mode "${mode}"`;
  },
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const block = blockOf(node);
    if (shape.length !== 4 || !(block >= 1) || shape[1] % (block * block) !== 0)
      throw shapeMismatch(node, `has no blocks of ${block} in ${formatShape(shape)}`);
    const [samples, channels, height, width] = shape;
    return [{ shape: [samples, channels / (block * block), height * block, width * block], type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const block = blockOf(node);
    const [samples, channels] = outputShape;
    const [, , height, width] = input.shape;
    return [
      attribute(node, "mode", "string") === "CRD"
        ? rearranged(input, [samples, channels, block, block, height, width], [0, 1, 4, 2, 5, 3], outputShape)
        : rearranged(
            input,
            [samples, block, block, channels, height, width],
            [0, 3, 4, 1, 5, 2],
            outputShape,
          ),
    ];
  },
};

export const spaceToDepth: OperatorDefinition = {
  operator: "SpaceToDepth",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const block = blockOf(node);
    if (shape.length !== 4 || !(block >= 1) || shape[2] % block !== 0 || shape[3] % block !== 0)
      throw shapeMismatch(node, `has no blocks of ${block} in ${formatShape(shape)}`);
    const [samples, channels, height, width] = shape;
    return [{ shape: [samples, channels * block * block, height / block, width / block], type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const block = blockOf(node);
    const [samples, channels] = input.shape;
    const [, , height, width] = outputShape;
    const shape = [samples, channels, height, block, width, block];
    return [rearranged(input, shape, [0, 3, 5, 1, 2, 4], outputShape)];
  },
};
