/** Keras layers in ONNX terms, by class name. */

import type { Attribute } from "../../graph/node.ts";
import { intTensor } from "../../tensor/tensor.ts";
import {
  activationName,
  activationProblem,
  emitActivation,
  emitClip,
  emitSoftmax,
  simple,
  sumName,
} from "./activations.ts";
import { batchNormalization } from "./batchNormalization.ts";
import type { Config } from "./config.ts";
import { conv, convTranspose, depthwiseConv, separableConv } from "./convolution.ts";
import { isChannelsFirst, type Layer } from "./layer.ts";
import { concatenate, merge } from "./merging.ts";
import { globalPool, pool } from "./pooling.ts";
import { cropping, upSampling, zeroPadding } from "./resizing.ts";

const dense: Layer = (step) => {
  const { name, config, input, rank, builder } = step;
  const problem = activationProblem(config);
  if (problem !== undefined) return problem;
  const kernel = builder.addConstant(`${name}/kernel`, step.weights("kernel"));
  const bias =
    config.use_bias === false ? undefined : builder.addConstant(`${name}/bias`, step.weights("bias"));
  const sum = sumName(step);
  if (rank === 2) {
    const inputs = [input, kernel, ...(bias === undefined ? [] : [bias])];
    builder.addNode({ name: sum, operator: "Gemm", inputs, output: sum });
  } else {
    const product = bias === undefined ? sum : builder.unique(`${name}/product`);
    builder.addNode({ name: product, operator: "MatMul", inputs: [input, kernel], output: product });
    if (bias !== undefined)
      builder.addNode({ name: sum, operator: "Add", inputs: [product, bias], output: sum });
  }
  emitActivation(step, sum);
  return undefined;
};

const activation: Layer = (step) => {
  const problem = activationProblem(step.config);
  if (problem !== undefined) return problem;
  if (activationName(step.config) === "linear") simple("Identity")(step, step.input, step.name);
  else emitActivation(step, step.input);
  return undefined;
};

const flatten: Layer = ({ name, config, input, builder }) => {
  if (isChannelsFirst(config)) return "it reorders the axes (channels first)";
  builder.addNode({ name, operator: "Flatten", inputs: [input], output: name });
  return undefined;
};

const reshape: Layer = ({ name, config, input, builder }) => {
  const target = config.target_shape;
  if (!Array.isArray(target) || !target.every(Number.isSafeInteger))
    return "its target shape is not a list of numbers";
  // 0 takes the batch axis over.
  const shape = builder.addConstant(`${name}/shape`, intTensor([target.length + 1], [0, ...target]));
  builder.addNode({ name, operator: "Reshape", inputs: [input, shape], output: name });
  return undefined;
};

const relu: Layer = (step) => {
  const { name, config, input, builder } = step;
  const slope = typeof config.negative_slope === "number" ? config.negative_slope : 0;
  const highest = typeof config.max_value === "number" ? config.max_value : undefined;
  if (typeof config.threshold === "number" && config.threshold !== 0) return "it has a threshold";
  if (slope !== 0 && highest !== undefined) return "it has a slope and a maximum";
  if (highest !== undefined) emitClip(step, input, name, highest);
  else if (slope === 0) simple("Relu")(step, input, name);
  else {
    const attributes = { alpha: { type: "float", value: slope } } as const;
    builder.addNode({ name, operator: "LeakyRelu", inputs: [input], output: name, attributes });
  }
  return undefined;
};

const KERAS_LEAKY_SLOPE = 0.3;

const leakyRelu: Layer = ({ name, config, input, builder }) => {
  const given = config.alpha ?? config.negative_slope;
  const alpha = typeof given === "number" ? given : KERAS_LEAKY_SLOPE;
  const attributes = { alpha: { type: "float", value: alpha } } as const;
  builder.addNode({ name, operator: "LeakyRelu", inputs: [input], output: name, attributes });
  return undefined;
};

const prelu: Layer = ({ name, input, builder, weights }) => {
  const slope = builder.addConstant(`${name}/alpha`, weights("alpha"));
  builder.addNode({ name, operator: "PRelu", inputs: [input, slope], output: name });
  return undefined;
};

const elu: Layer = (step) => {
  const alpha = typeof step.config.alpha === "number" ? step.config.alpha : 1;
  simple("Elu", { alpha: { type: "float", value: alpha } })(step, step.input, step.name);
  return undefined;
};

const permute: Layer = ({ name, config, input, builder }) => {
  const { dims } = config;
  if (!Array.isArray(dims) || !dims.every(Number.isSafeInteger))
    return "its order of axes is not a list of numbers";
  const perm: Attribute = { type: "ints", value: [0, ...dims] };
  builder.addNode({ name, operator: "Transpose", inputs: [input], output: name, attributes: { perm } });
  return undefined;
};

const softmax: Layer = (step) => {
  const axis = step.config.axis ?? -1;
  if (typeof axis !== "number") return "it normalises over several axes";
  emitSoftmax(step, step.input, step.name, "Softmax", axis);
  return undefined;
};

/** Dropout and noise do nothing at inference. */
const passed: Layer = (step) => {
  simple("Identity")(step, step.input, step.name);
  return undefined;
};

const LAYERS: ReadonlyMap<string, Layer> = new Map<string, Layer>([
  ["Dense", dense],
  ["Conv1D", conv(1)],
  ["Conv2D", conv(2)],
  ["DepthwiseConv2D", depthwiseConv],
  ["SeparableConv2D", separableConv],
  ["Conv2DTranspose", convTranspose],
  ["MaxPooling1D", pool("MaxPool", 1)],
  ["MaxPooling2D", pool("MaxPool", 2)],
  ["AveragePooling1D", pool("AveragePool", 1)],
  ["AveragePooling2D", pool("AveragePool", 2)],
  ["GlobalMaxPooling1D", globalPool("ReduceMax", 1)],
  ["GlobalMaxPooling2D", globalPool("ReduceMax", 2)],
  ["GlobalAveragePooling1D", globalPool("ReduceMean", 1)],
  ["GlobalAveragePooling2D", globalPool("ReduceMean", 2)],
  ["BatchNormalization", batchNormalization],
  ["ZeroPadding2D", zeroPadding],
  ["Cropping2D", cropping],
  ["UpSampling2D", upSampling],
  ["Add", merge("Add")],
  ["Subtract", merge("Sub")],
  ["Multiply", merge("Mul")],
  ["Concatenate", concatenate],
  ["Flatten", flatten],
  ["Reshape", reshape],
  ["Permute", permute],
  ["Activation", activation],
  ["ReLU", relu],
  ["LeakyReLU", leakyRelu],
  ["PReLU", prelu],
  ["ELU", elu],
  ["Softmax", softmax],
  ["Dropout", passed],
  ["SpatialDropout2D", passed],
  ["GaussianNoise", passed],
  ["GaussianDropout", passed],
]);

const MERGING: ReadonlySet<string> = new Set(["Add", "Subtract", "Multiply", "Concatenate"]);

/** Whether layers of this class have several inputs; all others have one. */
export function isMerging(kind: string): boolean {
  return MERGING.has(kind);
}

/** `undefined` for layers without a counterpart. */
export function layerOf(kind: string): Layer | undefined {
  return LAYERS.get(kind);
}

/** Axes of a layer's output with the batch, where the layer's input has `rank`. */
export function rankAfter(kind: string, config: Config, rank: number | undefined): number | undefined {
  if (kind === "Flatten") return 2;
  if (kind.startsWith("Global") && config.keepdims !== true) return 2;
  if (kind === "Reshape")
    return Array.isArray(config.target_shape) ? config.target_shape.length + 1 : undefined;
  return LAYERS.has(kind) ? rank : undefined;
}
