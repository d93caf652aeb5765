/** Keras layers in ONNX terms, by class name. */

import { type FloatTensor, floatTensor, intTensor } from "../../tensor/tensor.ts";
import type { DraftBuilder } from "../draftBuilder.ts";
import type { Config } from "./config.ts";

/** One layer on its way into the graph. The layer's output is named after the layer. */
export interface LayerStep {
  readonly name: string;
  readonly config: Config;
  readonly input: string;
  /** Axes of the input with the batch, where that is known. */
  readonly rank: number | undefined;
  readonly builder: DraftBuilder;
  /** The layer's weights by their last name, for example `kernel`. */
  readonly weights: (name: string) => FloatTensor;
}

/** Emits the nodes of a layer and returns `undefined`, or emits nothing and returns why it is not supported. */
export type Layer = (step: LayerStep) => string | undefined;

/** Emits the activation that a layer's configuration names; the same contract as `Layer`. */
type Activation = (step: LayerStep, input: string) => void;

const ACTIVATIONS: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ["linear", simple("Identity")],
  ["relu", simple("Relu")],
  ["sigmoid", simple("Sigmoid")],
  ["tanh", simple("Tanh")],
  ["relu6", (step, input) => emitClip(step, input, 6)],
  ["softmax", (step, input) => emitSoftmax(step, input, "Softmax", -1)],
  ["log_softmax", (step, input) => emitSoftmax(step, input, "LogSoftmax", -1)],
]);

function simple(operator: string): Activation {
  return ({ name, builder }, input) => builder.addNode({ name, operator, inputs: [input], output: name });
}

function emitClip({ name, builder }: LayerStep, input: string, highest: number): void {
  const bounds = [0, highest].map((bound, i) =>
    builder.addConstant(`${name}/bound${i}`, floatTensor([], [bound])),
  );
  builder.addNode({ name, operator: "Clip", inputs: [input, ...bounds], output: name });
}

function emitSoftmax({ name, builder }: LayerStep, input: string, operator: string, axis: number): void {
  builder.addNode({
    name,
    operator,
    inputs: [input],
    output: name,
    attributes: { axis: { type: "int", value: axis } },
  });
}

function activationName(config: Config): string {
  return typeof config.activation === "string" ? config.activation : "linear";
}

function activationProblem(config: Config): string | undefined {
  const { activation } = config;
  if (typeof activation !== "string" && activation !== null && activation !== undefined) {
    return "its activation is a custom object";
  }
  const name = activationName(config);
  return ACTIVATIONS.has(name) ? undefined : `activation "${name}" is not supported`;
}

const dense: Layer = (step) => {
  const { name, config, input, rank, builder } = step;
  const problem = activationProblem(config);
  if (problem !== undefined) return problem;
  const kernel = builder.addConstant(`${name}/kernel`, step.weights("kernel"));
  const bias =
    config.use_bias === false ? undefined : builder.addConstant(`${name}/bias`, step.weights("bias"));
  const activation = activationName(config);
  const sum = activation === "linear" ? name : builder.unique(`${name}/sum`);
  if (rank === 2) {
    const inputs = [input, kernel, ...(bias === undefined ? [] : [bias])];
    builder.addNode({ name: sum, operator: "Gemm", inputs, output: sum });
  } else {
    const product = bias === undefined ? sum : builder.unique(`${name}/product`);
    builder.addNode({ name: product, operator: "MatMul", inputs: [input, kernel], output: product });
    if (bias !== undefined)
      builder.addNode({ name: sum, operator: "Add", inputs: [product, bias], output: sum });
  }
  if (sum !== name) ACTIVATIONS.get(activation)?.(step, sum);
  return undefined;
};

const activation: Layer = (step) => {
  const problem = activationProblem(step.config);
  if (problem === undefined) ACTIVATIONS.get(activationName(step.config))?.(step, step.input);
  return problem;
};

const flatten: Layer = ({ name, config, input, builder }) => {
  if (config.data_format === "channels_first") return "it reorders the axes (channels first)";
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
  if (highest !== undefined) emitClip(step, input, highest);
  else if (slope === 0) simple("Relu")(step, input);
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

const softmax: Layer = (step) => {
  const axis = step.config.axis ?? -1;
  if (typeof axis !== "number") return "it normalises over several axes";
  emitSoftmax(step, step.input, "Softmax", axis);
  return undefined;
};

/** Dropout and noise do nothing at inference. */
const passed: Layer = (step) => {
  simple("Identity")(step, step.input);
  return undefined;
};

const LAYERS: ReadonlyMap<string, Layer> = new Map<string, Layer>([
  ["Dense", dense],
  ["Flatten", flatten],
  ["Reshape", reshape],
  ["Activation", activation],
  ["ReLU", relu],
  ["LeakyReLU", leakyRelu],
  ["Softmax", softmax],
  ["Dropout", passed],
  ["GaussianNoise", passed],
  ["GaussianDropout", passed],
]);

/** `undefined` for layers without a counterpart. */
export function layerOf(kind: string): Layer | undefined {
  return LAYERS.get(kind);
}

/** Axes of a layer's output with the batch, where the layer's input has `rank`. */
export function rankAfter(kind: string, config: Config, rank: number | undefined): number | undefined {
  if (kind === "Flatten") return 2;
  if (kind === "Reshape")
    return Array.isArray(config.target_shape) ? config.target_shape.length + 1 : undefined;
  return LAYERS.has(kind) ? rank : undefined;
}
