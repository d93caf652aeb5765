/**
 * A linear model over rows of features in their own units: y = W · (x_1, x_2, …) + b. Inputs: W [M, F], b [M], then
 * tensors […, F_i] whose features, one after the other, are the F columns. On the way to integers the features keep as many
 * bits as their values need, each tensor with a scale of its own. Attribute `compared`: 0 where no ArgMax reads the sums.
 */

import { floatTensor } from "../../tensor/tensor.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";

export const WIDE_LINEAR = "WideLinear";

export const wideLinear: OperatorDefinition = {
  operator: WIDE_LINEAR,
  infer(node, inputs) {
    const [rows, columns] = requiredFacts(node, inputs, 0).shape;
    const shapes = node.inputs.slice(2).map((_, i) => requiredFacts(node, inputs, i + 2).shape);
    const features = shapes.reduce((sum, shape) => sum + (shape.at(-1) ?? 0), 0);
    if (features !== columns)
      throw shapeMismatch(node, `weighs ${columns} features, but has ${features} of them`);
    return [{ shape: [...shapes[0].slice(0, -1), rows], type: "float32" }];
  },
  evaluate(node, inputs, [shape]) {
    const weight = requiredTensor(node, inputs, 0);
    const bias = requiredTensor(node, inputs, 1);
    const parts = node.inputs.slice(2).map((_, i) => requiredTensor(node, inputs, i + 2));
    const [numOutputs, columns] = weight.shape;
    const rows = parts[0].data.length / (parts[0].shape.at(-1) ?? 1);
    const out = new Float32Array(rows * numOutputs);
    for (let row = 0; row < rows; row++) {
      for (let m = 0; m < numOutputs; m++) {
        let sum = bias.data[m];
        let column = 0;
        for (const { data, shape: partShape } of parts) {
          const length = partShape[partShape.length - 1];
          for (let j = 0; j < length; j++, column++)
            sum += weight.data[m * columns + column] * data[row * length + j];
        }
        out[row * numOutputs + m] = sum;
      }
    }
    return [floatTensor(shape, out)];
  },
};
