/** BatchNormalization at inference: y = scale · (x − mean) / √(variance + epsilon) + bias, per channel (axis 1). */

import { elementCount, formatShape } from "../../tensor/shape.ts";
import { floatAttribute, intAttribute } from "../attributes.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";

export const batchNormalization: OperatorDefinition = {
  operator: "BatchNormalization",
  unsupported(node) {
    if (intAttribute(node, "training_mode", 0) === 1) return "training mode; export the model for inference";
    if (intAttribute(node, "spatial", 1) === 0) return "spatial = 0 (statistics per element)";
    if (node.outputs.slice(1).some((name) => name !== "")) return "its statistics are used as outputs";
    return undefined;
  },
  infer(node, inputs) {
    const { shape } = requiredFacts(node, inputs, 0);
    const channels = shape.length === 1 ? 1 : shape[1];
    for (let i = 1; i <= 4; i++) {
      const statistic = requiredFacts(node, inputs, i);
      if (elementCount(statistic.shape) !== channels) {
        throw shapeMismatch(
          node,
          `input ${i} ${formatShape(statistic.shape)} is not one number per channel of ${formatShape(shape)}`,
        );
      }
    }
    return [{ shape, type: "float32" }];
  },
  evaluate(node, inputs, [shape]) {
    const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((i) => requiredTensor(node, inputs, i).data);
    const epsilon = floatAttribute(node, "epsilon", 1e-5);
    const channels = scale.length;
    const run = elementCount(shape.slice(2));
    const output = new Float32Array(x.length);
    for (let start = 0, block = 0; start < x.length; start += run, block++) {
      const channel = block % channels;
      const factor = scale[channel] / Math.sqrt(variance[channel] + epsilon);
      for (let i = start; i < start + run; i++) output[i] = (x[i] - mean[channel]) * factor + bias[channel];
    }
    return [{ shape, data: output }];
  },
};
