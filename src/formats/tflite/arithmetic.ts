/** TFLite operators that compute: FULLY_CONNECTED, ADD, SUB, MUL, DIV and activations. */

import { floatTensor } from "../../tensor/tensor.ts";
import { activationProblem, type Conversion, type ConversionStep } from "./conversion.ts";
import {
  ARITHMETIC_OPTIONS,
  FULLY_CONNECTED_OPTIONS,
  LEAKY_RELU_OPTIONS,
  SOFTMAX_OPTIONS,
} from "./schema.ts";

/** y = x · Wᵀ + b over the last axis; x is seen as a matrix unless `keep_num_dims` is set. */
export const fullyConnected: Conversion = (step) => {
  const { options } = step.operator;
  const activation = options?.int8(FULLY_CONNECTED_OPTIONS.activation) ?? 0;
  const weights = step.tensor(1);
  const problem = activationProblem(activation);
  if (problem !== undefined) return problem;
  if ((options?.int8(FULLY_CONNECTED_OPTIONS.weightsFormat) ?? 0) !== 0)
    return "its weights are stored shuffled";
  if (weights === undefined || weights.shape.length !== 2) return "its weights are not a matrix";
  const rank = step.tensor(0)?.shape.length ?? 0;
  if (options?.boolean(FULLY_CONNECTED_OPTIONS.keepNumDims) && rank > 2) return keepingAxes(step, activation);
  let input = step.input(0);
  if (rank !== 2) {
    input = step.intermediate("matrix");
    step.emit("Reshape", [step.input(0), step.integerConstant("matrixShape", [-1, weights.shape[1]])], input);
  }
  const bias = step.input(2);
  const inputs = [input, step.input(1), ...(bias === "" ? [] : [bias])];
  step.emitActivated(activation, "Gemm", inputs, { transB: { type: "int", value: 1 } });
  return undefined;
};

function keepingAxes(step: ConversionStep, activation: number): string | undefined {
  const turned = step.intermediate("weights");
  step.emit("Transpose", [step.input(1)], turned, { perm: { type: "ints", value: [1, 0] } });
  if (step.input(2) === "") {
    step.emitActivated(activation, "MatMul", [step.input(0), turned]);
  } else {
    const product = step.intermediate("product");
    step.emit("MatMul", [step.input(0), turned], product);
    step.emitActivated(activation, "Add", [product, step.input(2)]);
  }
  return undefined;
}

/** Two operands that broadcast, then an activation; MAXIMUM and MINIMUM have no options, thus none. */
export function arithmetic(operator: "Add" | "Sub" | "Mul" | "Div" | "Max" | "Min"): Conversion {
  return (step) => {
    const activation = step.operator.options?.int8(ARITHMETIC_OPTIONS.activation) ?? 0;
    const problem = activationProblem(activation);
    if (problem === undefined) step.emitActivated(activation, operator, [step.input(0), step.input(1)]);
    return problem;
  };
}

/** An operator of one input that ONNX has under `operator`. */
export function unary(
  operator: "Relu" | "Sigmoid" | "Tanh" | "LogSoftmax" | "HardSwish" | "Elu",
): Conversion {
  return (step) => {
    step.emit(operator, [step.input(0)], step.output);
    return undefined;
  };
}

export function clipped(lo: number, hi: number): Conversion {
  return (step) => {
    step.emitClip(step.input(0), lo, hi);
    return undefined;
  };
}

export const prelu: Conversion = (step) => {
  step.emit("PRelu", [step.input(0), step.input(1)], step.output);
  return undefined;
};

export const leakyRelu: Conversion = (step) => {
  const alpha = step.operator.options?.float32(LEAKY_RELU_OPTIONS.alpha) ?? 0;
  step.emit("LeakyRelu", [step.input(0)], step.output, { alpha: { type: "float", value: alpha } });
  return undefined;
};

/** Softmax over the last axis of beta · x. */
export const softmax: Conversion = (step) => {
  const beta = step.operator.options?.float32(SOFTMAX_OPTIONS.beta) ?? 0;
  let input = step.input(0);
  if (beta !== 1) {
    input = step.intermediate("scaled");
    step.emit("Mul", [step.input(0), step.constant("beta", floatTensor([], [beta]))], input);
  }
  step.emit("Softmax", [input], step.output, { axis: { type: "int", value: -1 } });
  return undefined;
};

export const argmax: Conversion = (step) => {
  const axis = step.integers(1)?.[0];
  if (axis === undefined) return "its axis is not a constant";
  const attributes = { axis: { type: "int", value: axis }, keepdims: { type: "int", value: 0 } } as const;
  step.emit("ArgMax", [step.input(0)], step.output, attributes);
  return undefined;
};

/** Between types: half precision is single precision here already, and integers are read as the reals they stand for. */
export const converted: Conversion = (step) => {
  const source = step.tensor(0);
  const asReal = source?.type?.readAs === "float32" || source?.quantization !== undefined;
  if (!asReal) return "it converts integers that stand for no reals";
  step.handOn();
  return undefined;
};
