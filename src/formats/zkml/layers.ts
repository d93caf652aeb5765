/** zkml's layers in ONNX terms. Their tensors have channels last, as in the TFLite files that they come from. */

import type { Attribute } from "../../graph/node.ts";
import { floatTensor, intTensor } from "../../tensor/tensor.ts";
import type { DraftBuilder } from "../draftBuilder.ts";
import { ACTIVATION } from "../tflite/schema.ts";
import { TO_CHANNELS_FIRST, TO_CHANNELS_LAST, windowAttributes } from "../tflite/windows.ts";
import type { ZkmlLayer } from "./parse.ts";

/** One layer on its way into the graph. */
export interface ZkmlStep {
  readonly layer: ZkmlLayer;
  readonly builder: DraftBuilder;
  /** Names of the tensors. */
  readonly inputs: readonly string[];
  readonly output: string;
}

/** Emits the nodes of a layer and returns `undefined`, or emits nothing and returns why it is not supported. */
export type ZkmlConversion = (step: ZkmlStep) => string | undefined;

type Attributes = Readonly<Record<string, Attribute>>;

function emit(
  { builder }: ZkmlStep,
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Attributes = {},
): void {
  builder.addNode({ name: output, operator, inputs, output, attributes });
}

function between(step: ZkmlStep, suffix: string): string {
  return step.builder.unique(`${step.output}/${suffix}`);
}

function transposed(step: ZkmlStep, input: string, order: readonly number[], suffix: string): string {
  const output = between(step, suffix);
  emit(step, "Transpose", [input], output, { perm: { type: "ints", value: order } });
  return output;
}

/** Emits `operator` and the activation that TFLite numbers so; `undefined` if there is none of that number. */
function activated(
  step: ZkmlStep,
  activation: number,
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Attributes = {},
): string | undefined {
  if (activation === ACTIVATION.none) {
    emit(step, operator, inputs, output, attributes);
    return undefined;
  }
  if (activation !== ACTIVATION.relu && activation !== ACTIVATION.relu6)
    return `activation ${activation} is not supported`;
  const before = between(step, "beforeActivation");
  emit(step, operator, inputs, before, attributes);
  if (activation === ACTIVATION.relu) emit(step, "Relu", [before], output);
  else {
    const bounds = [0, 6].map((x) => step.builder.addConstant(`${output}/bound`, floatTensor([], [x])));
    emit(step, "Clip", [before, ...bounds], output);
  }
  return undefined;
}

const DEPTHWISE = 1;

/** Parameters: depthwise or not, padding, activation, strides. Weights are TFLite's. */
const conv2d: ZkmlConversion = (step) => {
  const { params, inputShapes } = step.layer;
  const [kind, padding, activation = 0, strideH = 1, strideW = 1] = params;
  const [input, weights] = inputShapes;
  if (input?.length !== 4 || weights?.length !== 4) return "its input or its weights do not have four axes";
  if (strideH < 1 || strideW < 1) return "its strides are not positive";
  const depthwise = kind === DEPTHWISE;
  const windows = { padding, strides: [strideH, strideW], dilations: [1, 1] } as const;
  const attributes = windowAttributes([input[1], input[2]], [weights[1], weights[2]], windows);
  const group: Attribute = { type: "int", value: depthwise ? input[3] : 1 };
  const inputs = [
    transposed(step, step.inputs[0], TO_CHANNELS_FIRST, "channelsFirst"),
    transposed(step, step.inputs[1], depthwise ? [3, 0, 1, 2] : TO_CHANNELS_FIRST, "weights"),
    ...step.inputs.slice(2),
  ];
  const result = between(step, "result");
  const problem = activated(step, activation, "Conv", inputs, result, { ...attributes, group });
  if (problem !== undefined) return problem;
  emit(step, "Transpose", [result], step.output, { perm: { type: "ints", value: TO_CHANNELS_LAST } });
  return undefined;
};

/** Parameters: window, strides. There is no padding. */
function pool(operator: "MaxPool" | "AveragePool"): ZkmlConversion {
  return (step) => {
    const [height = 0, width = 0, strideH = 0, strideW = 0] = step.layer.params;
    if (step.layer.inputShapes[0]?.length !== 4) return "its input does not have four axes";
    const input = transposed(step, step.inputs[0], TO_CHANNELS_FIRST, "channelsFirst");
    const pooled = between(step, "pooled");
    emit(step, operator, [input], pooled, {
      kernel_shape: { type: "ints", value: [height, width] },
      strides: { type: "ints", value: [strideH, strideW] },
    });
    emit(step, "Transpose", [pooled], step.output, { perm: { type: "ints", value: TO_CHANNELS_LAST } });
    return undefined;
  };
}

const fullyConnected: ZkmlConversion = (step) => {
  const [, weights] = step.layer.inputShapes;
  if (weights?.length !== 2) return "its weights are not a matrix";
  const matrix = between(step, "matrix");
  const shape = step.builder.addConstant(`${step.output}/matrixShape`, intTensor([2], [-1, weights[1]]));
  emit(step, "Reshape", [step.inputs[0], shape], matrix);
  const inputs = [matrix, ...step.inputs.slice(1)];
  return activated(step, step.layer.params[0] ?? 0, "Gemm", inputs, step.output, {
    transB: { type: "int", value: 1 },
  });
};

/** Two operands; Add may have an activation. */
function combining(operator: "Add" | "Sub" | "Mul"): ZkmlConversion {
  return (step) =>
    step.inputs.length === 2
      ? activated(step, step.layer.params[0] ?? 0, operator, step.inputs, step.output)
      : `it has ${step.inputs.length} inputs`;
}

function unary(
  operator: string,
  attributesOf: (layer: ZkmlLayer) => Attributes = () => ({}),
): ZkmlConversion {
  return (step) => {
    emit(step, operator, step.inputs.slice(0, 1), step.output, attributesOf(step.layer));
    return undefined;
  };
}

const square: ZkmlConversion = (step) => {
  emit(step, "Mul", [step.inputs[0], step.inputs[0]], step.output);
  return undefined;
};

const reshape: ZkmlConversion = (step) => {
  const [shape] = step.layer.outputShapes;
  if (shape === undefined) return "its output has no shape";
  const target = step.builder.addConstant(`${step.output}/shape`, intTensor([shape.length], shape));
  emit(step, "Reshape", [step.inputs[0], target], step.output);
  return undefined;
};

/** Parameters: two numbers for each axis. */
const pad: ZkmlConversion = (step) => {
  const { params } = step.layer;
  const pads = [0, 1].flatMap((end) => params.filter((_, i) => i % 2 === end));
  const constant = step.builder.addConstant(`${step.output}/pads`, intTensor([pads.length], pads));
  emit(step, "Pad", [step.inputs[0], constant], step.output);
  return undefined;
};

const concatenation: ZkmlConversion = (step) => {
  emit(step, "Concat", step.inputs, step.output, { axis: { type: "int", value: step.layer.params[0] ?? 0 } });
  return undefined;
};

/** Which input is handed on is its parameter. */
const noop: ZkmlConversion = (step) => {
  const input = step.inputs[step.layer.params[0] ?? 0];
  if (input === undefined) return "it hands on an input that it does not have";
  emit(step, "Identity", [input], step.output);
  return undefined;
};

const CONVERSIONS: ReadonlyMap<string, ZkmlConversion> = new Map<string, ZkmlConversion>([
  ["Conv2D", conv2d],
  ["AveragePool2D", pool("AveragePool")],
  ["MaxPool2D", pool("MaxPool")],
  ["FullyConnected", fullyConnected],
  ["Add", combining("Add")],
  ["Sub", combining("Sub")],
  ["Mul", combining("Mul")],
  ["Square", square],
  [
    "Mean",
    unary("ReduceMean", ({ params }) => ({
      axes: { type: "ints", value: params },
      keepdims: { type: "int", value: 0 },
    })),
  ],
  ["Logistic", unary("Sigmoid")],
  ["Tanh", unary("Tanh")],
  ["Softmax", unary("Softmax", () => ({ axis: { type: "int", value: -1 } }))],
  [
    "Transpose",
    unary("Transpose", ({ params }) => ({
      perm: { type: "ints", value: params.slice(params.length / 2) },
    })),
  ],
  ["Reshape", reshape],
  ["Pad", pad],
  ["Concatenation", concatenation],
  ["Noop", noop],
]);

/** `undefined` for layers without a counterpart. */
export function conversionOf(kind: string): ZkmlConversion | undefined {
  return CONVERSIONS.get(kind);
}
