/** Expand and Tile: the same elements again and again. */

import type { Shape } from "../../tensor/shape.ts";
import { broadcastShapes, formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { reshaped } from "../../tensor/tensor.ts";
import {
  type OperatorDefinition,
  requiredFacts,
  requiredIntegers,
  requiredTensor,
  shapeMismatch,
} from "../operator.ts";
import { type IndexMap, identityMap, takeByMaps } from "./indexMaps.ts";

/** Every axis of the output runs through that of the input as often as it fits. */
function repeated(input: Tensor, outputShape: Shape): Tensor {
  const missing = outputShape.length - input.shape.length;
  const full = reshaped(input, [...outputShape.slice(0, missing).fill(1), ...input.shape]);
  const mapOf = (axis: number): IndexMap => {
    const length = outputShape[axis];
    const before = full.shape[axis];
    return length === before ? identityMap(length) : Int32Array.from({ length }, (_, i) => i % before);
  };
  return takeByMaps(full, outputShape, mapOf, 0);
}

export const expand: OperatorDefinition = {
  operator: "Expand",
  shapeOnlyInputs: [1],
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const target = requiredIntegers(node, inputs, 1);
    const expanded = broadcastShapes(shape, target);
    if (expanded === undefined)
      throw shapeMismatch(node, `${formatShape(shape)} does not expand to ${formatShape(target)}`);
    return [{ shape: expanded, type }];
  },
  evaluate: (node, inputs, [shape]) => [repeated(requiredTensor(node, inputs, 0), shape)],
};

export const tile: OperatorDefinition = {
  operator: "Tile",
  shapeOnlyInputs: [1],
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const repeats = requiredIntegers(node, inputs, 1);
    if (repeats.length !== shape.length)
      throw shapeMismatch(node, `has ${repeats.length} repeats for ${formatShape(shape)}`);
    return [{ shape: shape.map((length, axis) => length * repeats[axis]), type }];
  },
  evaluate: (node, inputs, [shape]) => [repeated(requiredTensor(node, inputs, 0), shape)],
};
